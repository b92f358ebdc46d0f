import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { PanelState } from "../../src/protocol/viewModel.js";
import { comparisonView } from "../../src/viewmodel/compare.js";
import { panelBrowser } from "./panelBrowser.js";
import { fixture, output, stateOf, violations, type PanelPage } from "./panelPage.js";
import { manyFeatures, rightToLeft, table, textAndLayers } from "./panelSamples.js";
import { panelThemes } from "./panelThemes.js";

/** Every view of the panel by itself, in every theme, with what can be done in it. Pictures go to test-output/panel. */

const { openPanel } = panelBrowser();

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const diabetes = fixture("diabetes");
const whatIf = fixture("whatIf");
const neg = diabetes.explanation;
const other = {
  ...neg,
  request: { ...neg.request, method: "inputXGradient" as const },
  results: neg.results.map((result) => ({
    ...result,
    attributions: { measurements: { ...result.attributions["measurements"], dims: [8], data: [0.01, -0.12, 0.02, 0, 0.03, 0.1, -0.02, -0.05] } },
  })),
};

const states: Readonly<Record<string, readonly [state: PanelState, width: number]>> = {
  digits: [stateOf(fixture("digits"), { path: { layer: "relu_1", unit: "2,1,1", back: true, forward: false } }), 1200],
  whatIf: [stateOf(whatIf), 1200],
  "whatIf-narrow": [stateOf(whatIf), 300],
  features: [stateOf(manyFeatures(300)), 760],
  comparison: [stateOf(diabetes, { comparison: comparisonView([{ id: "1", explanation: other }], "1", neg, diabetes.inspection) }), 900],
  samples: [stateOf(diabetes, { table }), 900],
  layers: [stateOf(textAndLayers()), 860],
  rightToLeft: [stateOf(rightToLeft), 700],
};

async function open(name: keyof typeof states, theme = "dark"): Promise<PanelPage> {
  const [state, width] = states[name] ?? [stateOf(diabetes), 900];
  const panel = await openPanel(theme, width);
  await panel.show(state);
  return panel;
}

describe.each(Object.keys(panelThemes))("%s", (theme) => {
  test.each(Object.keys(states))("%s: no violation, nothing cut off, accessible", async (name) => {
    const panel = await open(name, theme);
    if (name === "samples") await panel.page.locator("[data-section=samples] > summary").click();
    await panel.page.screenshot({ path: `${output}/view-${name}-${theme}.png`, fullPage: true });
    expect(panel.problems).toEqual([]);
    expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(states[name]?.[1] ?? 0);
    await panel.page.evaluate(axe);
    expect(await panel.page.evaluate(violations)).toEqual([]);
    await panel.page.close();
  });
});
