import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.js";
import { barChart } from "../../../src/charts/barChart.js";
import { beeswarmChart } from "../../../src/charts/beeswarmChart.js";
import { channelGrid } from "../../../src/charts/channelGrid.js";
import { classChart } from "../../../src/charts/classChart.js";
import { curveChart } from "../../../src/charts/curveChart.js";
import type { ChartOptions } from "../../../src/charts/frame.js";
import type { FeatureRow } from "../../../src/charts/groupRow.js";
import { imageChart } from "../../../src/charts/imageChart.js";
import { layerChart } from "../../../src/charts/layerChart.js";
import { matrixChart } from "../../../src/charts/matrixChart.js";
import { pairChart } from "../../../src/charts/pairChart.js";
import { shareChart } from "../../../src/charts/shareChart.js";
import { themeNames, themes } from "../../../src/charts/theme.js";
import { shownText } from "../../../src/charts/shownText.js";
import { spectrogramChart } from "../../../src/charts/spectrogramChart.js";
import { tokenLayersChart } from "../../../src/charts/tokenLayersChart.js";
import { tokenSvg } from "../../../src/charts/tokenSvg.js";
import { tokenText } from "../../../src/charts/tokenText.js";
import { unitGrid } from "../../../src/charts/unitGrid.js";
import { waterfallChart } from "../../../src/charts/waterfallChart.js";
import { waveformChart } from "../../../src/charts/waveformChart.js";
import type { Result } from "../../../src/protocol/explanation.js";
import type { Bar, SwarmRow } from "../../../src/protocol/viewModel.js";
import { audioOf } from "../../../src/viewmodel/audio.js";
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

const group: FeatureRow = {
  label: "colour",
  value: "red",
  credit: -0.09,
  error: 0.003,
  members: [
    { label: "colour_blue", value: "0", credit: -0.15 },
    { label: "colour_<red>", value: "1", credit: 0.06, error: 0.002 },
  ],
};
const groups: readonly FeatureRow[] = [
  bars[0],
  { ...group, open: true },
  ...(group.members ?? []).map((member) => ({ ...member, inside: true as const })),
  { ...group, label: "size", value: "2 features", credit: 0.05, open: false },
].filter((row) => row !== undefined);

const whatIf = buildView(JSON.parse(readFileSync("test/fixtures/panel/whatIf.json", "utf8")) as ViewParts);
const digits = buildView(JSON.parse(readFileSync("test/fixtures/panel/digits.json", "utf8")) as ViewParts);
const image = digits.inputs.find((one) => one.kind === "image");
const pixels = image?.kind === "image" ? image.pixels : { channels: 0, height: 1, width: 1, values: [], credits: [] };
const maps = digits.units?.maps ?? pixels;
const former = bars.map((bar, i) => ({ ...bar, former: 0.1 - 0.05 * i }));

const swarm: readonly SwarmRow[] = [
  { label: "glucose", dots: Array.from({ length: 120 }, (_, i) => ({ credit: ((i * 37) % 120) / 300 - 0.15 + (i % 7) / 90, level: i / 119 })) },
  { label: "a feature whose name is long", dots: Array.from({ length: 200 }, (_, i) => ({ credit: ((i * i) % 11) / 400 - 0.01, level: null })) },
  { label: "<b>", dots: [0.2, NaN, -0.1].map((credit, i) => ({ credit, level: 0.5 * i, key: String(i), title: `row ${i}, <b> = ${i}` })) },
];

const measures = JSON.parse(readFileSync("test/fixtures/panel/measures.json", "utf8")) as NonNullable<Result["measures"]>;
const curveNames = { across: "share of the features taken away", up: "score", own: "by credit", chance: "by chance" };
const matrix = measures.agreement?.matrix ?? { names: [], values: [] };

/** A tone that swells, with credit where it is loudest. */
const samples = Array.from({ length: 64 }, (_, i) => Math.sin(i / 3) * Math.sin((i * Math.PI) / 64));
const sound = present(
  audioOf({ dims: [1, samples.length], data: samples.map((value, i) => value ** 3 * (i > 40 ? -0.03 : 0.06)), values: samples, rate: 16_000 }),
  "sound",
);

const charts: Readonly<Record<string, (options: ChartOptions) => string>> = {
  bars: (options) => barChart(bars, options),
  "bars-grouped": (options) => barChart(groups, { ...options, interactive: true, groupKey: "input/x/open/" }),
  "waterfall-grouped": (options) => waterfallChart(groups, { from: 0.7, to: 0.5 }, { ...options, interactive: true, groupKey: "input/x/open/" }),
  "bars-narrow": (options) => barChart(bars, { ...options, width: 260 }),
  classes: (options) => classChart(review.prediction.classes, options),
  layers: (options) => layerChart(review.layers, { ...options, selected: review.units?.layer ?? "" }),
  "bars-edited": (options) => barChart(former, { ...options, largest: 0.3, rest: { count: 12, sum: -0.02 } }),
  waterfall: (options) => waterfallChart(bars, { from: 0.7, to: 0.56 }, options),
  "waterfall-narrow": (options) => waterfallChart(bars, { from: 0.7, to: 0.56 }, { ...options, width: 260 }),
  shares: (options) => shareChart(whatIf.inputs, options),
  pairs: (options) =>
    pairChart(
      [
        { label: "<b>", first: 0.2, second: -0.1 },
        { label: "none", first: NaN, second: 0 },
      ],
      ["one", "other"],
      options,
    ),
  branches: (options) => layerChart(whatIf.layers, options),
  image: (options) => imageChart(pixels, "overlay", { plane: "all", absolute: false }, { ...options, width: 160 }),
  "image-absolute": (options) => imageChart(pixels, "heat", { plane: 0, absolute: true }, { ...options, width: 160 }),
  channels: (options) => channelGrid(maps, { ...options, interactive: true, selected: "3" }),
  "token-layers": (options) => tokenLayersChart(whatIf.tokenLayers ?? { tokens: [], rows: [] }, options),
  "token-picture": (options) =>
    tokenSvg(
      whatIf.inputs.flatMap((input) => (input.kind === "tokens" ? input.tokens : [])),
      { ...options, width: 320 },
    ),
  "layers-narrow": (options) => layerChart(review.layers, { ...options, width: 260 }),
  beeswarm: (options) => beeswarmChart(swarm, { ...options, interactive: true, selected: "2" }),
  "beeswarm-narrow": (options) => beeswarmChart(swarm, { ...options, width: 260 }),
  curve: (options) => curveChart(measures.deletion?.curve ?? { share: [], value: [] }, curveNames, options),
  "curve-narrow": (options) => curveChart({ share: [0, 0.5, 1], value: [0, NaN, 0] }, curveNames, { ...options, width: 260 }),
  waveform: (options) => waveformChart(sound, 0.05, options),
  "waveform-narrow": ({ width: _, ...options }) => waveformChart({ samples, stretches: sound.stretches }, 0.05, { ...options, width: 260 }),
  spectrogram: (options) => spectrogramChart(sound, 0.05, options),
  matrix: (options) => matrixChart({ ...matrix, names: matrix.names.with(1, "<b>") }, options),
  "matrix-narrow": (options) => matrixChart(matrix, { ...options, width: 260 }),
  units: (options) => unitGrid(review.units?.bars ?? [], { ...options, interactive: true, selected: "6" }),
};

test.each(themeNames.flatMap((theme) => Object.keys(charts).map((name) => [name, theme] as const)))("%s in %s", async (name, theme) => {
  const svg = charts[name]?.({ width: 600, theme: themes[theme], title: `Golden ${name}` }) ?? "";
  await expect(normalise(svg)).toMatchFileSnapshot(`../../golden/charts/${name}-${theme}.svg`);
});

test("text", async () => {
  const input = review.inputs.find((one) => one.kind === "tokens");
  if (input?.kind !== "tokens") throw new Error("no text");
  await expect(normalise(tokenText(shownText(input, "words"), "Golden text"))).toMatchFileSnapshot("../../golden/charts/text.html");
});
