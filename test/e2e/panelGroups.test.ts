import { readFileSync } from "node:fs";
import type { Locator } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { renderReport } from "../../src/charts/report.js";
import { buildView } from "../../src/viewmodel/build.js";
import { panelBrowser, themesAndWidths } from "./panelBrowser.js";
import { output, stateOf, violations, type PanelPage } from "./panelPage.js";
import { groupedFeatures } from "./panelSamples.js";

/** Features that belong together: one row with their sum, opened by mouse and by keyboard. */

const { openPanel, newPage } = panelBrowser();

const parts = groupedFeatures();
const { data = [], labels = [] } = parts.explanation.results[0]?.attributions["measurements"] ?? {};
const sumOf = (prefix: string): number => data.reduce((sum, credit, i) => (labels[i]?.startsWith(prefix) === true ? sum + credit : sum), 0);

const opened: PanelPage[] = [];
async function show(theme = "light", width = 900): Promise<PanelPage> {
  const panel = await openPanel(theme, width);
  opened.push(panel);
  await panel.show(stateOf(parts));
  return panel;
}
afterEach(async () => {
  for (const { page, problems } of opened.splice(0)) {
    expect(problems).toEqual([]);
    await page.close();
  }
});

const namesIn = async (section: Locator): Promise<(string | null)[]> =>
  await section.locator("svg g[data-label]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-label")));

test("a category is one row with its value and sum; it opens and closes by mouse and by keyboard", async () => {
  const { page } = await show();
  const section = page.locator("[data-section='input/measurements']");
  expect((await namesIn(section)).toSorted()).toEqual(["age", "colour", "income", "region"]);
  const colour = section.locator("[data-group=colour]");
  expect(Number(await colour.getAttribute("data-credit"))).toBeCloseTo(sumOf("colour_"), 12);
  expect(await colour.locator("title").textContent()).toMatch(/^colour = blue: [+−]0\.\d+ ± /u);
  expect(await colour.getAttribute("aria-expanded")).toBe("false");
  await colour.click();
  expect(await colour.getAttribute("aria-expanded")).toBe("true");
  expect(await section.locator("g[data-label^=colour_]").count()).toBe(5);
  const region = section.locator("[data-group=region]");
  await region.focus();
  await page.keyboard.press("ArrowRight");
  // Forty are too many: the largest, and the sum of the others.
  expect(await section.locator("g[data-label^=region_]").count()).toBe(25);
  const members = (
    await section
      .locator("g[data-label]")
      .evaluateAll((rows) => rows.map((row) => [row.getAttribute("data-label"), Number(row.getAttribute("data-credit"))] as const))
  ).filter(([label]) => label?.startsWith("region_") === true || label === "15 others, summed");
  expect(members.reduce((sum, [, credit]) => sum + credit, 0)).toBeCloseTo(sumOf("region_"), 12);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-group"))).toBe("region");
  await page.keyboard.press("ArrowLeft");
  expect(await section.locator("g[data-label^=region_]").count()).toBe(0);
  await page.keyboard.press("Enter");
  expect(await region.getAttribute("aria-expanded")).toBe("true");
});

test("every feature by itself, and a waterfall of the same rows", async () => {
  const { page } = await show();
  const section = page.locator("[data-section='input/measurements']");
  await section.locator("[data-look='input/measurements/form'][data-value=waterfall]").click();
  await section.locator("[data-group=colour]").click();
  await section.screenshot({ path: `${output}/groups-waterfall.png` });
  const steps = await section.locator("[data-step]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-step"))));
  expect(steps).toHaveLength(8);
  const ends = await section.locator("[data-end]").evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-score"))));
  expect((ends[0] ?? 0) + steps.reduce((a, b) => a + b, 0)).toBeCloseTo(ends[1] ?? 0, 9);
  await section.locator("[data-look='input/measurements/groups'][data-value=single]").click();
  expect(await section.locator("[data-group]").count()).toBe(0);
  expect(await section.locator("[data-step]").count()).toBeGreaterThan(20);
});

test("a category is chosen from a list in the what-if", async () => {
  const panel = await show();
  const field = panel.page.locator("[data-feature=colour] vscode-dropdown");
  await field.click();
  await field.locator("vscode-option", { hasText: "white" }).click();
  const chosen = labels.indexOf("colour_white");
  const changes = labels.flatMap((label, i) => (label.startsWith("colour_") ? [[i, i === chosen ? 1 : 0]] : []));
  expect(await panel.sent()).toEqual([{ kind: "edit", input: "measurements", changes }]);
  expect(await panel.page.locator("[data-section=what-if] [data-feature]").count()).toBe(4);
  await panel.page.locator("[data-section=what-if]").screenshot({ path: `${output}/groups-what-if.png` });
  await panel.page.locator("[data-section=what-if] h2").focus();
  await panel.page.keyboard.press("Control+z");
  const back = changes.map(([position]) => [position, labels[position ?? 0] === "colour_blue" ? 1 : 0]);
  expect((await panel.sent()).at(-1)).toEqual({ kind: "edit", input: "measurements", changes: back });
});

test.each(themesAndWidths)("in %s, %i pixels wide", async (theme, width) => {
  const { page } = await show(theme, width);
  const section = page.locator("[data-section='input/measurements']");
  await section.locator("[data-group=colour]").focus();
  await page.keyboard.press(" ");
  await section.screenshot({ path: `${output}/groups-${theme}.png` });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  expect(await page.evaluate(violations)).toEqual([]);
});

test("the report draws closed groups and lists their members", async () => {
  const page = await newPage({ viewport: { width: 900, height: 900 } });
  await page.setContent(renderReport(buildView(parts)));
  expect(await page.locator("svg [data-group]").count()).toBe(2);
  expect(await page.locator("[role=button]").count()).toBe(0);
  await page.locator("details[data-fold='input/measurements/table'] > summary").click();
  expect(await page.locator(".ep-member").count()).toBe(45);
  await page.screenshot({ path: `${output}/report-groups.png` });
  await page.close();
});
