import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { barChart } from "../../../src/charts/barChart.js";
import { classChart } from "../../../src/charts/classChart.js";
import type { ChartOptions } from "../../../src/charts/frame.js";
import { layerChart } from "../../../src/charts/layerChart.js";
import { themeNames, themes } from "../../../src/charts/theme.js";
import { tokenText } from "../../../src/charts/tokenText.js";
import { unitGrid } from "../../../src/charts/unitGrid.js";
import type { Bar } from "../../../src/protocol/viewModel.js";
import { buildView, type ViewParts } from "../../../src/viewmodel/build.js";

/** Golden drawings, one a chart and theme; `vitest -u` writes them anew, and the difference is there to be looked at. */

/** An element a line, numbers with one decimal: small changes of rounding are no change. */
function normalise(svg: string): string {
  return `${svg.replaceAll("><", ">\n<").replace(/-?\d+\.\d+/gu, (number) => String(Math.round(Number(number) * 10) / 10))}\n`;
}

const review = buildView(JSON.parse(readFileSync("test/fixtures/charts/review.json", "utf8")) as ViewParts);
const bars: readonly Bar[] = [
  { label: "mass", value: "23.8", credit: -0.1622, error: 0.004 },
  { label: "glucose", value: "134", credit: 0.0899, error: 0.002 },
  { label: "a very long name of a feature that cannot fit", value: "0.277", credit: -0.0509 },
  { label: "<script>", value: "&", credit: 0.0003 },
  { label: "missing", value: "", credit: NaN },
];

const charts: Readonly<Record<string, (options: ChartOptions) => string>> = {
  bars: (options) => barChart(bars, options),
  "bars-narrow": (options) => barChart(bars, { ...options, width: 260 }),
  classes: (options) => classChart(review.prediction.classes, options),
  layers: (options) => layerChart(review.layers, { ...options, selected: review.units?.layer ?? "" }),
  "layers-narrow": (options) => layerChart(review.layers, { ...options, width: 260 }),
  units: (options) => unitGrid(review.units?.bars ?? [], { ...options, interactive: true, selected: "6" }),
};

test.each(themeNames.flatMap((theme) => Object.keys(charts).map((name) => [name, theme] as const)))("%s in %s", async (name, theme) => {
  const svg = charts[name]?.({ width: 600, theme: themes[theme], title: `Golden ${name}` }) ?? "";
  await expect(normalise(svg)).toMatchFileSnapshot(`../../golden/charts/${name}-${theme}.svg`);
});

test("text", async () => {
  const input = review.inputs.find((one) => one.kind === "tokens");
  await expect(normalise(tokenText(input?.kind === "tokens" ? input.tokens : [], "Golden text"))).toMatchFileSnapshot("../../golden/charts/text.html");
});
