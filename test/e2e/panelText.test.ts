import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { renderReport } from "../../src/charts/report.js";
import type { PanelState } from "../../src/protocol/viewModel.js";
import { buildView } from "../../src/viewmodel/build.js";
import { panelBrowser } from "./panelBrowser.js";
import { output, stateOf, violations, type PanelPage } from "./panelPage.js";
import { longText, textAndLayers, writtenText } from "./panelSamples.js";

/** Texts by sentences, and words taken out of them where they stand, by mouse and by keyboard. */

const { openPanel, newPage } = panelBrowser();

const opened: PanelPage[] = [];
async function show(state: PanelState, theme = "light", width = 900): Promise<PanelPage> {
  const panel = await openPanel(theme, width);
  opened.push(panel);
  await panel.show(state);
  return panel;
}
afterEach(async () => {
  for (const { page, problems } of opened.splice(0)) {
    expect(problems).toEqual([]);
    await page.close();
  }
});

const review = "The cast shines. The plot drags on and on! Is it worth it? Not quite.";
const byRule = writtenText(review);
const credits = byRule.explanation.results[0]?.attributions["text"]?.data ?? [];

test("a text by sentences: their sums, their strongest words, and special tokens by themselves", async () => {
  const { page } = await show(stateOf(byRule));
  const section = page.locator("[data-section='input/text']");
  await section.locator("[data-look='input/text/level'][data-value=sentences]").click();
  const shown = await section
    .locator(".ep-token")
    .evaluateAll((parts) => parts.map((part) => [part.textContent, Number(part.getAttribute("data-credit"))] as const));
  expect(shown.map(([text]) => text)).toEqual(["[CLS]", "The cast shines.", "The plot drags on and on!", "Is it worth it?", "Not quite.", "[SEP]"]);
  expect(shown[1]?.[1]).toBeCloseTo(
    credits.slice(1, 5).reduce((a, b) => a + b, 0),
    12,
  );
  await section.locator("[data-words]").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await section.locator("[data-readout]").innerText()).toMatch(/^The cast shines\.: [+−]0\.\d+ \(.* [+−].*, .*, .*\)$/u);
  await section.locator(".ep-alternative > summary").click();
  expect(await section.locator("tbody th").allTextContents()).toEqual(shown.map(([text]) => text));
  await section.screenshot({ path: `${output}/sentences.png` });
});

test("a word goes with Delete, stays in sight struck through, and comes back with Enter", async () => {
  const panel = await show(stateOf(byRule));
  const { page } = panel;
  const text = page.locator("[data-words='input/text']");
  await text.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
  expect(await page.locator("[data-word-action]").innerText()).toBe("Remove");
  await page.keyboard.press("Delete");
  const without = review.replace("shines", "");
  expect(await panel.sent()).toEqual([{ kind: "editText", input: "text", text: without }]);
  await panel.show(stateOf(writtenText(without, review)));
  const removed = text.locator(".ep-removed");
  expect(await removed.allInnerTexts()).toEqual(["shines"]);
  expect(await removed.evaluate((word) => word.classList.contains("ep-current"))).toBe(true);
  await page.locator("[data-section='input/text']").screenshot({ path: `${output}/removed.png` });
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "editText", input: "text", text: review }]);
  await panel.show(stateOf(byRule));
  expect(await text.locator(".ep-current").innerText()).toBe("shines");
  // The last step back undoes the last edit.
  await page.keyboard.press("Control+z");
  expect(await panel.sent()).toEqual([{ kind: "editText", input: "text", text: without }]);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  expect(await panel.sent()).toEqual([{ kind: "editText", input: "text", text: review }]);
});

test("a sentence goes with Alt and a click, several words before the first answer, and one with the button", async () => {
  const panel = await show(stateOf(byRule));
  const { page } = panel;
  const section = page.locator("[data-section='input/text']");
  await section.locator(".ep-token[data-label=cast]").click({ modifiers: ["Alt"] });
  await section.locator(".ep-token[data-label=quite]").click();
  await section.locator(".ep-token[data-label=plot]").hover();
  expect(await section.locator("[data-readout]").innerText()).toMatch(/^quite: /u);
  await section.locator("[data-word-action]").click();
  expect(await panel.sent()).toEqual([
    { kind: "editText", input: "text", text: review.replace("cast ", "") },
    { kind: "editText", input: "text", text: review.replace("cast ", "").replace("quite", "") },
  ]);
  await section.locator("[data-look='input/text/level'][data-value=sentences]").click();
  const plot = review.replace("The plot drags on and on! ", "");
  await panel.show(stateOf(writtenText(plot, review)));
  expect(await section.locator(".ep-removed").allInnerTexts()).toEqual(["The plot drags on and on!"]);
  await section.locator(".ep-removed").click({ modifiers: ["Alt"] });
  expect(await panel.sent()).toEqual([{ kind: "editText", input: "text", text: review }]);
  // A word that is missing from a sentence stands where it stood.
  await panel.show(stateOf(writtenText(review.replace("drags ", ""), review)));
  expect(await section.locator(".ep-token", { hasText: "plot" }).innerText()).toBe("The plot drags on and on!");
  expect(await section.locator(".ep-token .ep-removed").innerText()).toBe("drags");
});

test("in a long text, a word far down", async () => {
  const parts = longText(2000);
  const panel = await show(stateOf(parts));
  const { page } = panel;
  const last = page.locator(".ep-chunk").last();
  await last.scrollIntoViewIfNeeded();
  await last.locator(".ep-token").last().click();
  await page.keyboard.press("Backspace");
  const [edit] = await panel.sent();
  const whole = parts.explanation.results[0]?.attributions["text"]?.text ?? "";
  expect(edit).toEqual({ kind: "editText", input: "text", text: whole.slice(0, whole.lastIndexOf(" ") + 1) });
});

const arabic = "الفيلم رائع جدا. هل النهاية بطيئة؟ الموسيقى جميلة.";
const chinese = "这部电影很好看。结尾太慢了！";

test.each([
  ["light", 1200, chinese, "很"],
  ["dark", 900, arabic, "جدا"],
  ["hcDark", 560, review, "Not quite."],
  ["hcLight", 300, review, "drags "],
] as const)("in %s, %i pixels wide", async (theme, width, text, removed) => {
  const { page } = await show(stateOf(writtenText(text.replace(removed, ""), text)), theme, width);
  await page.locator("[data-look='input/text/level'][data-value=sentences]").click();
  await page.mouse.move(0, 0);
  await page.locator("[data-section='input/text']").screenshot({ path: `${output}/text-${theme}.png` });
  expect(await page.locator(".ep-removed").allInnerTexts()).toEqual([removed.trim()]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  expect(await page.evaluate(violations)).toEqual([]);
});

test("what passes through the sentences, layer by layer", async () => {
  const parts = textAndLayers(byRule);
  const { page } = await show(stateOf(parts), "dark", 700);
  const section = page.locator("[data-section=token-layers]");
  const cells = section.locator("[data-row=embeddings] [data-token]");
  const before = await cells.evaluateAll((tokens) => tokens.map((token) => Number(token.getAttribute("data-value"))));
  await section.locator("[data-look='token-layers/level'][data-value=sentences]").click();
  const after = await cells.evaluateAll((tokens) => tokens.map((token) => Number(token.getAttribute("data-value"))));
  expect(after).toHaveLength(6);
  expect(after.reduce((a, b) => a + b, 0)).toBeCloseTo(
    before.reduce((a, b) => a + b, 0),
    9,
  );
  await section.screenshot({ path: `${output}/sentences-layers.png` });
});

test("the report has the sentences below the words", async () => {
  const page = await newPage({ viewport: { width: 900, height: 900 } });
  await page.setContent(renderReport(buildView(byRule)));
  const fold = page.locator("details[data-fold='input/text/sentences']");
  await fold.locator("> summary").click();
  expect(await fold.locator(".ep-token").count()).toBe(6);
  expect(await fold.locator("tbody tr").count()).toBe(6);
  await page.screenshot({ path: `${output}/report-sentences.png` });
  await page.close();
});
