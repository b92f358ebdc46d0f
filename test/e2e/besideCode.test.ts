import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { encodeModel } from "../../src/graph/encode.js";
import type { Graph } from "../../src/graph/ir.js";
import { serializeModel } from "../../src/onnx/parse.js";
import { packagedExtension } from "./harness/vsix.js";
import { themes, Workbench, type ThemeName } from "./harness/workbench.js";

/** What explanations show beside the code: on source lines, in data files, on the model file. Used as a person uses it. */

let workbench: Workbench;
beforeAll(async () => {
  workbench = await Workbench.start(await packagedExtension());
  // The workbench in the browser has no search program to find models by; a command starts the extension there.
  await workbench.runCommand("Explain Prediction: Clear credit from editors");
  await openFile("diabetes/network.py");
  await lens(/Explain prediction · 6 layers/).waitFor({ timeout: 60_000 });
}, 180_000);
afterAll(async () => {
  await workbench.dispose();
});
beforeEach(async () => {
  await workbench.closeEditors();
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed-${task.name.slice(0, 40).replaceAll(/\W+/g, "-")}`);
});

async function explainRow(samples: string, row: number): Promise<void> {
  await workbench.explorerContext(samples, "Explain prediction");
  await workbench.waitForQuickPick(/Row of samples/);
  await workbench.typeInQuickPick(String(row));
  await workbench.pickItem(`Row ${row}`);
  await workbench.panelIn("done");
}

/** Opens a file of the examples by the quick open of files. */
async function openFile(file: string): Promise<void> {
  const row = await workbench.explorerRow(file);
  await row.dblclick();
  await workbench.page.locator(".tab.active", { hasText: file.split("/").at(-1) ?? file }).waitFor();
}

/** What decorations add behind the lines of the editor in sight: line number → text. */
async function besideLines(): Promise<Record<string, string>> {
  return workbench.page.evaluate(() => {
    const found: Record<string, string> = {};
    const numbers = [...document.querySelectorAll<HTMLElement>(".editor-instance .margin-view-overlays .line-numbers")];
    for (const line of document.querySelectorAll<HTMLElement>(".editor-instance .view-lines .view-line")) {
      const added = [...line.querySelectorAll("span")]
        .map((span) => getComputedStyle(span, "::after").content)
        .filter((content) => content !== "none" && content !== "normal");
      const top = line.getBoundingClientRect().top;
      const number = numbers.find((one) => Math.abs(one.getBoundingClientRect().top - top) < 4)?.innerText.trim();
      if (added.length > 0 && number !== undefined) found[number] = added.join(" ").replaceAll('"', "");
    }
    return found;
  });
}

const lens = (text: RegExp): Locator => workbench.page.locator(".codelens-decoration a", { hasText: text });

test("each layer's share stands on the lines that define and call it, follows edits, and goes by command", async () => {
  await openFile("diabetes/network.py");
  await lens(/Explain prediction · 6 layers/).waitFor({ timeout: 60_000 });
  await explainRow("diabetes/samples.csv", 3);
  await expect.poll(async () => Object.keys(await besideLines()), { timeout: 30_000 }).toEqual(["11", "12", "13", "14", "15", "20", "21", "22"]);
  const before = await besideLines();
  expect(before["11"]).toMatch(/^−?\d+ % [━╸─]{8} · most: unit \d+$/);
  expect(before["20"]).toMatch(/linear1 .* sigmoid1 |sigmoid1 .* linear1 /);
  await lens(/6 layers · last: neg \d/).waitFor();
  // The hover has the layer's numbers; from there to the panel, and back by the layer's source in its table.
  await workbench.page.locator(".editor-instance .view-line", { hasText: "self.linear2 = " }).hover();
  const hover = workbench.page.locator(".monaco-hover", { hasText: "8 units, conductance" });
  await hover.waitFor();
  await expect.poll(() => hover.locator("img").evaluate((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0))).toBeGreaterThan(0);
  await workbench.screenshot("source-hover");
  await hover.locator("a", { hasText: "Open in the explanation" }).click();
  const panel = await workbench.panelIn("done");
  await panel.locator("[data-section=units]", { hasText: "linear2" }).waitFor();
  await panel.locator("[data-section=layers] summary", { hasText: "Show as table" }).click();
  await panel.locator("[data-intent=source]", { hasText: "network.py:12" }).click();
  await workbench.page.locator(".editor-instance .current-line").first().waitFor();
  await expect.poll(() => workbench.page.locator(".statusbar-item", { hasText: /^Ln 12,/ }).count()).toBe(1);
  for (const theme of Object.keys(themes) as ThemeName[]) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`source-${theme}`);
  }
  await workbench.setTheme("dark");

  // A line above: everything moves down by one.
  await workbench.page.locator(".editor-instance .view-line", { hasText: "import torch" }).first().click();
  await workbench.page.keyboard.press("Home");
  await workbench.page.keyboard.press("Enter");
  await expect.poll(async () => (await besideLines())["12"], { timeout: 10_000 }).toBe(before["11"]);

  await workbench.runCommand("Explain Prediction: Clear credit from editors");
  await expect.poll(besideLines, { timeout: 10_000 }).toEqual({});
  await workbench.page.keyboard.press("Control+z");
  await workbench.runCommand("File: Save");
}, 180_000);

test("in the open sample file the explained row's cells are coloured", async () => {
  await openFile("diabetes/samples.csv");
  await workbench.page.locator(".editor-instance .view-line").nth(4).click();
  await lens(/Explain this row · row 3/).click();
  await workbench.panelIn("done");
  await expect.poll(() => workbench.page.locator(".editor-instance .view-overlays .cdr[class*=ced-]").count(), { timeout: 30_000 }).toBeGreaterThan(2);
  await workbench.screenshot("sample-credit");
}, 120_000);

test("words of a text are coloured in the open JSON lines", async () => {
  await openFile("review-profile/samples.jsonl");
  await explainRow("review-profile/samples.jsonl", 0);
  await expect.poll(() => workbench.page.locator(".editor-instance .view-overlays .cdr[class*=ced-]").count(), { timeout: 60_000 }).toBeGreaterThan(5);
  for (const theme of Object.keys(themes) as ThemeName[]) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`sample-words-${theme}`);
  }
  await workbench.setTheme("dark");
}, 120_000);

test("the model view: roles, outline with source lines, search; after an explanation the layers' credit", async () => {
  await workbench.explorerContext("review-profile/model.onnx", "Open model view");
  const view = await workbench.frameWith("body[data-view=model] .outline [data-path]");
  await view.getByText("the sidecar says so", { exact: false }).first().waitFor({ timeout: 60_000 });
  expect(await view.locator("[data-path]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-path")))).toEqual([
    "text_encoder",
    "text_encoder.embedding",
    "text_encoder.lstm",
    "profile_encoder",
    "profile_encoder.linear",
    "profile_encoder.relu",
    "classifier",
    "softmax",
  ]);
  await view.locator(".search").fill("lstm");
  await expect.poll(() => view.locator("[data-path]").count()).toBe(2);
  await view.locator(".search").fill("");
  await explainRow("review-profile/samples.jsonl", 0);
  await view.locator("[data-path=classifier] .share").waitFor({ timeout: 60_000 });
  for (const theme of Object.keys(themes) as ThemeName[]) {
    await workbench.setTheme(theme);
    await workbench.screenshot(`model-${theme}`);
  }
  await workbench.setTheme("dark");
  // The keyboard: to the LSTM, Enter shows its line.
  await view.locator(".outline").focus();
  await workbench.page.keyboard.press("Home");
  await workbench.page.keyboard.press("ArrowDown");
  await workbench.page.keyboard.press("ArrowDown");
  await workbench.page.keyboard.press("Enter");
  await workbench.page.locator(".tab.active", { hasText: "network.py" }).waitFor();
  await workbench.page.locator(".editor-instance .view-line", { hasText: "self.lstm = nn.LSTM" }).waitFor();
}, 180_000);

test("what was explained stands in the Explorer: opened again, pinned, compared, deleted", async () => {
  await explainRow("diabetes/samples.csv", 6);
  await explainRow("diabetes/samples.csv", 8);
  const header = workbench.page.locator(".pane-header", { hasText: "Explanations" });
  await header.waitFor();
  if ((await header.getAttribute("aria-expanded")) !== "true") await header.click();
  const pane = workbench.page.locator(".pane", { has: header });
  const rowOf = (row: number): Locator => pane.locator(".monaco-list-row", { hasText: `Row ${row}: ` });
  await rowOf(8).waitFor();
  await rowOf(6).click();
  const panel = await workbench.panelIn("done");
  await expect.poll(() => panel.locator("[data-test=row]").innerText(), { timeout: 30_000 }).toMatch(/\b6\b/);
  await rowOf(8).click({ button: "right" });
  await workbench.page.locator(".monaco-menu .action-label", { hasText: "Compare with the explanation shown" }).click({ delay: 50 });
  await panel.locator("[data-section=comparison]").first().waitFor({ timeout: 30_000 });
  await rowOf(8).hover();
  await rowOf(8).locator(".action-label[aria-label=Pin]").click();
  await rowOf(8).locator(".action-label[aria-label=Unpin]").waitFor({ state: "attached" });
  await workbench.screenshot("history");
  await rowOf(6).hover();
  await rowOf(6).locator(".action-label[aria-label=Delete]").click();
  await rowOf(6).waitFor({ state: "detached" });
}, 180_000);

test("a model of 5,000 layers: only rows in sight exist; keys and search reach all of them", async () => {
  writeFileSync(join(workbench.examples, "large.onnx"), serializeModel(encodeModel(chain(5000))));
  await workbench.explorerContext("large.onnx", "Open model view");
  const view = await workbench.frameWith("body[data-view=model] .outline [data-path=value0]");
  await view.getByText("5000 shown").waitFor();
  expect(await view.locator("[data-path]").count()).toBeLessThan(80);
  await view.locator(".outline").focus();
  await workbench.page.keyboard.press("End");
  await view.locator("[data-path=value4999][aria-selected=true]").waitFor();
  await view.locator(".search").fill("value49");
  await view.getByText("111 shown").waitFor();
  await workbench.screenshot("model-large");
}, 120_000);

/** Tanh after Tanh. */
function chain(length: number): Graph {
  const value = { dtype: "float32", dims: ["batch", 4] } as const;
  const nodes = Array.from({ length }, (_, i) => ({
    name: `n${i}`,
    op: "Tanh",
    domain: "",
    inputs: [i === 0 ? "x" : `value${i - 1}`],
    outputs: [`value${i}`],
    attributes: {},
  }));
  return {
    name: "chain",
    inputs: [{ name: "x", ...value }],
    outputs: [{ name: `value${length - 1}`, ...value }],
    nodes,
    initializers: new Map(),
    opsets: { "": 20 },
  };
}
