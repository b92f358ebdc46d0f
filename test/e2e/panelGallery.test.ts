import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { renderReport } from "../../src/charts/report.js";
import type { PanelState } from "../../src/protocol/viewModel.js";
import { buildView } from "../../src/viewmodel/build.js";
import { panelBrowser } from "./panelBrowser.js";
import { fixture, output, stateOf, violations } from "./panelPage.js";
import { panelThemes } from "./panelThemes.js";

/** The panel's page alone, in every theme: pictures to look at (test-output/panel), and what can be checked without looking. */

const { openPanel, newPage } = panelBrowser();

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

const empty: PanelState = { phase: "empty", message: "", view: null, error: null };
const diabetes = fixture("diabetes");
const poor = {
  ...diabetes,
  explanation: {
    ...diabetes.explanation,
    results: diabetes.explanation.results.map((result) => ({ ...result, delta: 0.021 })),
    diagnostics: [{ code: "NOT_COMPLETE", severity: "warning", message: "The credits miss the change in score by 0.021.", hint: "Try another baseline." }],
  },
} as const;

describe.each(Object.keys(panelThemes))("%s", (theme) => {
  test.each([
    ["diabetes", 1400],
    ["diabetes", 300],
    ["review", 860],
    ["review", 300],
  ] as const)("%s at %d pixels: no violation, nothing cut off, accessible", async (name, width) => {
    const panel = await openPanel(theme, width);
    await panel.show(stateOf(fixture(name)));
    await panel.page.screenshot({ path: `${output}/${name}-${theme}-${width}.png`, fullPage: true });
    expect(panel.problems).toEqual([]);
    expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    // axe goes in by the debugger's door, which the page's policy does not guard.
    await panel.page.evaluate(axe);
    expect(await panel.page.evaluate(violations)).toEqual([]);
    await panel.page.close();
  });
});

test.each([
  ["empty", empty],
  ["running", stateOf(diabetes, { phase: "running", message: "Computing level 2 of integrated gradients", fraction: 0.4 })],
  ["starting", { ...empty, phase: "running", message: "Opening the model" }],
  [
    "failed",
    {
      ...empty,
      phase: "failed",
      error: {
        code: "COLUMN_MISSING",
        severity: "error",
        message: "samples.csv has no column “glucose”.",
        hint: "Name the columns in model.explain.json, under inputs.measurements.columns.",
        file: "samples.csv",
        line: 1,
      },
    },
  ],
  ["cancelled", stateOf(diabetes, { phase: "cancelled" })],
  ["stale", stateOf(diabetes, { phase: "stale" })],
  ["poor", stateOf(poor)],
] satisfies [string, PanelState][])("state %s is drawn", async (name, state) => {
  const panel = await openPanel("dark", 700);
  await panel.show(state);
  await panel.page.screenshot({ path: `${output}/state-${name}.png` });
  expect(panel.problems).toEqual([]);
  expect(await panel.page.locator("[data-test=status]").count()).toBe(state.phase === "done" ? 0 : 1);
  await panel.page.close();
});

test("the numbers on the page are those of the explanation, unrounded", async () => {
  const panel = await openPanel("light", 900);
  await panel.show(stateOf(diabetes));
  const credits = await panel.page
    .locator('[data-section="input/measurements"] g[data-label]')
    .evaluateAll((rows) => rows.map((row) => [row.getAttribute("data-label"), Number(row.getAttribute("data-credit"))]));
  const credit = diabetes.explanation.results[0]?.attributions["measurements"];
  expect(new Map(credits as [string, number][])).toEqual(new Map(credit?.labels?.map((label, i) => [label, credit.data[i]])));
  expect(Number(await panel.page.locator("[data-test=check-delta]").getAttribute("data-value"))).toBe(diabetes.explanation.results[0]?.delta);
  await panel.page.close();
});

test("mouse and keyboard choose classes, layers, units and settings, and the focus stays where it was", async () => {
  const panel = await openPanel("light", 900);
  await panel.show(stateOf(diabetes));
  await panel.page.locator("[data-layer=linear_1]").click();
  expect(await panel.sent()).toEqual([{ kind: "layer", layer: "linear_1" }]);
  await panel.page.locator('[data-section=units] g[data-key="5"]').first().focus();
  await panel.page.keyboard.press("Enter");
  expect(await panel.sent()).toEqual([{ kind: "unit", layer: "sigmoid", unit: "5" }]);
  await panel.show(stateOf({ ...diabetes, unit: { ...(diabetes.unit ?? { layer: "sigmoid", explanation: diabetes.explanation }), unit: "5" } }));
  expect(await panel.page.evaluate(() => document.activeElement?.getAttribute("data-key"))).toBe("5");
  await panel.page.locator('[data-target="0"]').click();
  expect(await panel.sent()).toEqual([{ kind: "target", target: "0" }]);
  await panel.page.locator("vscode-dropdown[data-intent=baseline]").click();
  await panel.page.locator("vscode-dropdown[data-intent=baseline] vscode-option", { hasText: "zeros" }).click();
  expect(await panel.sent()).toEqual([{ kind: "baseline", baseline: "zero" }]);
  await panel.page.locator('vscode-button[aria-label="Next row"]').click();
  expect(await panel.sent()).toEqual([{ kind: "row", row: 1 }]);
  await panel.page.close();
});

test("the page keeps what was asked, for a reload of the window", async () => {
  const panel = await openPanel("light", 900);
  const { request } = diabetes.explanation;
  await panel.show(stateOf(diabetes, { request }));
  await panel.show({ ...empty, phase: "running", message: "Opening the model" });
  expect(
    await panel.page.evaluate(() => (window as unknown as { acquireVsCodeApi: () => { getState(): unknown } }).acquireVsCodeApi().getState()),
  ).toMatchObject({ request });
  await panel.page.close();
});

test("a folded section stays folded through the next state", async () => {
  const panel = await openPanel("light", 900);
  await panel.show(stateOf(diabetes));
  await panel.page.locator("[data-section=layers] > summary").click();
  await panel.show(stateOf({ ...diabetes, layer: "linear_1" }));
  expect(await panel.page.locator("[data-section=layers]").evaluate((details) => (details as HTMLDetailsElement).open)).toBe(false);
  await panel.page.close();
});

test("a poor check opens by itself, and only while it is poor", async () => {
  const panel = await openPanel("light", 900);
  const open = async (): Promise<boolean> => await panel.page.locator("[data-test=check]").evaluate((details) => (details as HTMLDetailsElement).open);
  await panel.show(stateOf(poor));
  expect(await open()).toBe(true);
  await panel.show(stateOf(diabetes));
  expect(await open()).toBe(false);
  await panel.page.locator("[data-test=check] > summary").click();
  await panel.show(stateOf({ ...diabetes, layer: "linear_1" }));
  expect(await open()).toBe(true);
  await panel.page.close();
});

test.each(["light", "dark"] as const)("the report in %s loads nothing and runs nothing", async (scheme) => {
  const page = await newPage({ viewport: { width: 1300, height: 900 }, colorScheme: scheme });
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.setContent(
    renderReport(buildView(diabetes), [
      {
        title: "Average credit over the test rows",
        note: "77 rows",
        bars: buildView(diabetes).inputs[0]?.kind === "features" ? buildView(diabetes).inputs.flatMap((input) => ("bars" in input ? input.bars : [])) : [],
      },
    ]),
  );
  await page.screenshot({ path: `${output}/report-${scheme}.png`, fullPage: true });
  expect(requests).toEqual([]);
  expect(await page.locator("script").count()).toBe(0);
  await page.evaluate(axe);
  expect(await page.evaluate(violations)).toEqual([]);
  await page.close();
});

test("the report shows pictures that it carries itself", async () => {
  const page = await newPage({ viewport: { width: 1300, height: 900 } });
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  await page.setContent(renderReport(buildView(fixture("digits"))));
  await page.screenshot({ path: `${output}/report-digits.png`, fullPage: true });
  expect(problems).toEqual([]);
  expect(await page.locator("svg image").count()).toBeGreaterThan(5);
  await page.close();
});
