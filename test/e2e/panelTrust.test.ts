import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Result } from "../../src/protocol/explanation.js";
import type { MeasureName } from "../../src/protocol/names.js";
import type { ViewParts } from "../../src/viewmodel/build.js";
import { panelBrowser, themesAndWidths } from "./panelBrowser.js";
import { fixture, output, stateOf, violations } from "./panelPage.js";

/** How far an answer can be trusted: asked for by mouse and by keyboard, stopped, and read in every theme. */

const { openPanel } = panelBrowser();

const diabetes = fixture("diabetes");
const measures = JSON.parse(readFileSync("test/fixtures/panel/measures.json", "utf8")) as NonNullable<Result["measures"]>;

function measured(names: readonly MeasureName[], refused: ViewParts["refused"] = {}): ViewParts {
  const own = Object.fromEntries(names.map((name) => [name, measures[name]]));
  const results = diabetes.explanation.results.map((result) => ({ ...result, measures: own }));
  return { ...diabetes, refused, explanation: { ...diabetes.explanation, results } };
}

test("a measure is asked for, is followed and stopped, and says what it found", async () => {
  const panel = await openPanel("light", 900);
  const { page } = panel;
  await panel.show(stateOf(diabetes));
  const section = page.locator("[data-section=trust]");
  expect(await section.getAttribute("open")).toBeNull();
  await section.locator("summary h2").click();
  await section.locator("[data-measure=agreement] vscode-button").click();
  expect(await panel.sent()).toEqual([{ kind: "measure", measure: "agreement" }]);
  await section.locator("vscode-button[data-value=all]").focus();
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "measure", measure: "all" }]);
  await panel.show(stateOf(measured(["deletion"]), { measuring: { name: "agreement", fraction: 0.4 } }));
  expect(await section.locator("[data-measure=agreement] progress").getAttribute("value")).toBe("40");
  expect(await section.locator("[data-measure=deletion] [data-test=trust-sentence]").innerText()).toContain("the score falls faster than by chance");
  await section.locator("[data-intent=stopMeasuring]").focus();
  await page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "stopMeasuring" }]);
  await panel.show(stateOf(measured(["deletion", "agreement"], { baselines: "The method saliency has no baseline." })));
  expect(await section.locator("[data-measure=baselines] [data-test=trust-refused]").innerText()).toContain("no baseline");
  const cells = await section.locator("[data-measure=agreement] g[data-first]").count();
  expect(cells).toBe((measures.agreement?.matrix?.names.length ?? 0) ** 2);
  // Every chart has its numbers as a table.
  await section.locator("[data-measure=deletion] .ep-alternative > summary").click();
  expect(await section.locator("[data-measure=deletion] tbody tr").count()).toBe(measures.deletion?.curve?.share.length);
  await section.locator("[data-picture=trust][data-format=svg]").click();
  await expect.poll(() => panel.sent()).toMatchObject([{ kind: "picture", name: "trust", format: "svg" }]);
  expect(panel.problems).toEqual([]);
  await page.close();
});

test.each(themesAndWidths)("in %s, %i pixels wide", async (theme, width) => {
  const panel = await openPanel(theme, width);
  const { page } = panel;
  const names = Object.keys(measures) as MeasureName[];
  await panel.show(stateOf(measured(names)));
  const section = page.locator("[data-section=trust]");
  await section.locator("summary h2").click();
  await section.screenshot({ path: `${output}/trust-${theme}.png` });
  expect(await section.locator("[data-test=trust-sentence]").count()).toBe(names.length);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
  expect(await page.evaluate(violations)).toEqual([]);
  expect(panel.problems).toEqual([]);
  await page.close();
});

test("where the probability has saturated, its logit stands beside it and can be explained alone", async () => {
  const panel = await openPanel("dark", 700);
  const results = diabetes.explanation.results.map((result) => {
    const { row: _, prediction: __, ...own } = result;
    const attributions = Object.fromEntries(
      Object.entries(own.attributions).map(([name, credit]) => [name, { ...credit, data: credit.data.map((x) => 40 * x) }]),
    );
    return { ...result, score: 1, logit: { ...own, score: 24.5, baselineScore: -3, attributions } };
  });
  await panel.show(stateOf({ ...diabetes, explanation: { ...diabetes.explanation, results } }));
  const section = panel.page.locator("[data-section=logit]");
  await section.screenshot({ path: `${output}/logit.png` });
  expect(await section.locator("[data-test=logit-sentence]").innerText()).toContain("Both rank the features alike");
  await section.locator("vscode-button[data-intent=target]").click();
  expect(await panel.sent()).toEqual([{ kind: "target", target: "logit:0" }]);
  expect(panel.problems).toEqual([]);
  await panel.page.close();
});
