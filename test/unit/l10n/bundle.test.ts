import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** What the code says in English is what can be translated: the bundle of VS Code's convention is made from the code, `vitest -u` writes it anew. */

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

/** The first arguments of t(…), this.t(…) and l10n.t(…). */
export function messages(): string[] {
  const found = new Set<string>();
  for (const file of [...files("src"), ...files("webview")])
    for (const [, text = ""] of readFileSync(file, "utf8").matchAll(/(?<!\w)t\(\s*"((?:[^"\\]|\\.)*)"/gu)) found.add(JSON.parse(`"${text}"`) as string);
  return [...found].sort();
}

const places = (text: string): string[] => [...new Set(text.match(/\{\d+\}/gu) ?? [])].sort();

test("the bundle holds every message of the code", async () => {
  await expect(`${JSON.stringify(Object.fromEntries(messages().map((message) => [message, message])), null, 2)}\n`).toMatchFileSnapshot(
    "../../../l10n/bundle.l10n.json",
  );
});

const languages = readdirSync("l10n").flatMap((name) => /^bundle\.l10n\.(.+)\.json$/u.exec(name)?.[1] ?? []);

test.each(languages)("%s is complete, and its places for numbers and names are those of the English text", (language) => {
  const words = JSON.parse(readFileSync(`l10n/bundle.l10n.${language}.json`, "utf8")) as Record<string, string>;
  expect(Object.keys(words).sort()).toEqual(messages());
  for (const [message, text] of Object.entries(words)) expect([message, places(text)]).toEqual([message, places(message)]);
  const manifest = `package.nls.${language}.json`;
  expect(existsSync(manifest)).toBe(true);
  const named = (file: string): string[] => Object.keys(JSON.parse(readFileSync(file, "utf8")) as object).sort();
  expect(named(manifest)).toEqual(named("package.nls.json"));
});

test("no message is made of pieces that only English puts in this order: every one begins in the code", () => {
  // A template literal as a message could not be looked up.
  const literal = [...files("src"), ...files("webview")].filter((file) => /(?<!\w)t\(\s*`/u.test(readFileSync(file, "utf8")));
  expect(literal).toEqual([]);
});
