import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { csvCell } from "../../src/base/csvCell.js";
import { plainText } from "../../src/base/plainText.js";
import { printable } from "../../src/cli/style.js";
import { explanationCsv } from "../../src/cli/explanationCsv.js";
import { buildView, type ViewParts } from "../../src/viewmodel/build.js";
import { creditsCsv } from "../../src/vscode/creditsCsv.js";
import { noticeText } from "../../src/vscode/noticeText.js";
import { commandLine } from "../../src/vscode/snippets/commandLine.js";
import { captumSnippet } from "../../src/vscode/snippets/captumSnippet.js";
import { markdownSummary } from "../../src/vscode/snippets/markdownSummary.js";

const steering = ["\u001b[31mred", "\u001b]0;title\u0007", "\u009b2J", "a\u202eb", "a\u2066b", "\u0000", "\u061c", "\ud800", "a\u2028b", "\u200f"];
// What a terminal obeys, and what reorders a line.
const steers = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/; // prettier-ignore

test.each(steering)("%j shows as text", (text) => {
  expect(plainText(`x${text}y`)).not.toMatch(steers);
  expect(printable(`x${text}\r\ny`)).not.toMatch(/[\r\n\t]/);
  expect(csvCell(text)).not.toMatch(steers);
});

test("letters of all scripts, pictures and combining marks stay", () => {
  for (const text of ["é", "e\u0301", "ไทย", "العربية", "👩‍👩‍👧", "naïve\tcafé\n", "क्षि"]) expect(plainText(text)).toBe(text);
});

test.each(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1+1", "－1+1", "＠x", "-"])(
  "%j is no formula in a spreadsheet",
  (text) => {
    expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
  },
);

test.each(["-5", "+3.5", "-1e-7", "5", "0.1", "a=b", "x", ""])("%j stays as it is in a cell", (text) => {
  expect(csvCell(text)).toBe(text);
});

const hostile = "=cmd|'/C calc'!A0\u001b[2J\u202e](command:workbench.action.terminal.new) <img src=x onerror=alert(1)> `x` | ``` \n# heading";

/** Every string of a structure replaced by a hostile one, but for those that steer the code. */
function poison(value: unknown, key = ""): unknown {
  if (typeof value === "string") return ["code", "severity", "role", "method", "gradient", "type", "kind"].includes(key) ? value : hostile;
  if (Array.isArray(value)) return value.map((item) => poison(item, key));
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poison(item, name)]));
  return value;
}

const poisoned = poison(JSON.parse(readFileSync("test/fixtures/panel/diabetes.json", "utf8"))) as ViewParts;

test("a hostile explanation as CSV has neither formulas nor anything that steers", () => {
  for (const csv of [creditsCsv(poisoned.explanation), explanationCsv(poisoned.explanation)]) {
    expect(csv).toContain("calc");
    expect(csv).not.toMatch(steers);
    expect(csv).not.toMatch(/(^|,)"?=/m);
  }
});

test("a hostile explanation as Markdown is one table, without links, markup or headings of its own", () => {
  const text = markdownSummary(buildView(poisoned), "explain-prediction explain x");
  const own = text.split("```sh")[0] ?? "";
  expect(own).toContain("onerror");
  expect(own).not.toMatch(steers);
  expect(own).not.toMatch(/(?<!\\)[<`[\]]/);
  expect(own).not.toMatch(/^# /m);
});

test("a copied command is one line, and a shell gives back what went in", () => {
  const request = { model: "m.onnx", values: { text: `it's \\ ${hostile}\u0003\u0015; touch x\n`, other: "plain'" } };
  const line = commandLine(request);
  expect(line).not.toMatch(/[\u0000-\u001f\u007f]/); // prettier-ignore
  const shell = spawnSync("bash", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" });
  if (shell.error === undefined)
    expect(shell.stdout.split("\0").filter((word) => word.includes("="))).toEqual([`text=${request.values.text}`, `other=${request.values.other}`]);
});

test("copied Python has hostile names only inside its texts and comments", () => {
  const code = captumSnippet(poisoned.explanation);
  expect(code).not.toMatch(/^# heading/m);
  expect(code).not.toMatch(/\u001b/); // prettier-ignore
});

/** How VS Code finds links in a notification: src/vs/base/common/linkedText.ts. */
const linkInNotice = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

test("a notification has no links but those of the editor", () => {
  const name = "[Click](command:workbench.action.terminal.new).onnx";
  expect(name).toMatch(linkInNotice);
  for (const text of [name, "[a](https://x.example)", `[a](file:///x) ${hostile}`, "[a]]((command:x)", "[[a](command:x)](command:y)"])
    expect(noticeText(text)).not.toMatch(linkInNotice);
});

test("every notification that tells of a file goes through that", () => {
  const files = readdirSync("src/vscode", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const calls = files.flatMap((name) => {
    const text = readFileSync(join("src/vscode", name), "utf8");
    return [...text.matchAll(/\.show(?:Error|Warning|Information)Message\(\s*([^]{0,160})/g)].map((match) => ({ name, argument: match[1] ?? "" }));
  });
  expect(calls.length).toBeGreaterThan(8);
  const constant = /^vscode\.l10n\.t\("[^"{}]*"\)/;
  const dialog = /\{ modal: true/;
  expect(calls.filter(({ argument }) => !argument.startsWith("noticeText(") && !constant.test(argument) && !dialog.test(argument))).toEqual([]);
});
