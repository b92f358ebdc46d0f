import { expect, it } from "vitest";
import { renderReport } from "../../../src/charts/report.js";
import { explanationCsv } from "../../../src/cli/explanationCsv.js";
import { compactJson, explanationJson } from "../../../src/cli/explanationJson.js";
import { explanationTable } from "../../../src/cli/explanationTable.js";
import { reportExtras } from "../../../src/cli/reportExtras.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import { buildView } from "../../../src/viewmodel/build.js";

const explanation: Explanation = {
  schema: 1,
  model: { file: "m.onnx", inputs: [], outputs: [] },
  request: { model: "/m.onnx", method: "integratedGradients", baselines: { x: "zero" } },
  results: [
    {
      row: 2,
      target: { value: "p", index: [1], label: "yes" },
      prediction: { value: "p", data: [0.25, Math.fround(0.75)], labels: ["no", "yes"] },
      score: Math.fround(0.7),
      baselineScore: 0.5,
      delta: 1e-50,
      points: 17,
      error: { x: { dims: [2], data: [1e-5, 0] } },
      attributions: { x: { dims: [2], data: [Math.fround(0.1), NaN], labels: ['=cmd, "a"', "b\u001b[31m"], values: [3, "red"] } },
    },
  ],
  aggregate: { mean: { x: { dims: [2], data: [Math.fround(0.1), -2] } } },
  milliseconds: { load: 1.25, compile: 2, run: 3 },
  diagnostics: [],
};

it("JSON has float32 in shortest form and null for what is not finite", () => {
  const read = JSON.parse(explanationJson(explanation)) as Explanation;
  expect(read.results[0]?.attributions["x"]?.data).toEqual([0.1, null]);
  expect(read.results[0]?.score).toBe(0.7);
  expect(read.results[0]?.delta).toBe(0);
  expect(read.aggregate?.mean?.["x"]?.data).toEqual([0.1, -2]);
  expect(read.milliseconds.load).toBe(1.25);
});

it("compact JSON says what JSON.stringify says", () => {
  const value = { a: [], b: {}, c: undefined, long: [["x".repeat(200)], { deep: [1, null, 'q"uote'] }] };
  expect(JSON.parse(compactJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
});

it("CSV has a line an element, quotes what needs it and disarms formulas", () => {
  expect(explanationCsv(explanation).split("\n")).toEqual([
    "row,target,input,index,label,value,credit,error",
    `2,p[1],x,0,"'=cmd, ""a""",3,0.1,0.00001`,
    "2,p[1],x,1,b\ufffd[31m,red,,0",
    "mean,,x,0,,,0.1,",
    "mean,,x,1,,,-2,",
  ]);
});

it("the table names prediction, target and credits, and shows no control characters", () => {
  const text = explanationTable(explanation);
  expect(text).toContain("predicted  p: yes 0.75, no 0.25");
  expect(text).toContain("explained  p[1] (yes) by integratedGradients, 17 points");
  expect(text).toMatch(/=cmd, "a"\s+3\s+\+0\.1\s+±1e-5\s+█+/);
  expect(text).not.toContain("\u001b[31m");
});

it("what is shared out without a baseline is held against the score", () => {
  const [result] = explanation.results;
  if (result === undefined) throw new Error("no result");
  const text = explanationTable({ ...explanation, results: [{ ...result, baselineScore: null, delta: -0.25 }] });
  expect(text).toContain("score      0.7\n");
  expect(text).toContain("check      credits add up to the score but for -0.25");
});

it("the table shows measures, channels, the logit beside, and averages with their intervals", () => {
  const [result] = explanation.results;
  if (result === undefined) throw new Error("no result");
  const { row: _, prediction: __, ...alone } = result;
  const text = explanationTable({
    ...explanation,
    results: [
      {
        ...result,
        attributions: { r: { dims: [2, 2], data: [1, 2, -4, 0], groups: { by: "channel", data: [3, -4] } } },
        logit: { ...alone, target: { value: "z", index: [1] }, score: 12 },
        measures: {
          infidelity: { value: 0.25, error: 0.01, parts: { relative: 0.5 } },
          deletion: { value: 0.3, curve: { share: [0, 1], value: [1, 0] }, parts: { random: 0.6 } },
          randomisation: { value: 0.1, curve: { share: [0.5, 1], value: [0.4, 0.1] } },
          agreement: { value: NaN, parts: { saliency: NaN } },
        },
      },
    ],
    aggregate: { mean: { x: { dims: [1], data: [2], rows: 7, interval: [0.5] } } },
    classes: [{ by: "prediction", label: "yes\u001b", rows: 3, aggregate: { mean: { x: { dims: [1], data: [1], rows: 3, interval: [0.25] } } } }],
  });
  expect(text).toMatch(/channel 1\s+-4/);
  expect(text).toContain("the logit  z[1] 12");
  expect(text).toMatch(/infidelity\s+0\.25 ±1e-2\s+lower is better\s+credits miss 50 % of what the score changes by/);
  expect(text).toMatch(/deletion\s+0\.3\s+lower is better\s+0\.6 by chance/);
  expect(text).toContain("50 % of the weights: 0.4, 100 % of the weights: 0.1");
  expect(text).toMatch(/agreement\s+–\s+higher is better\s+saliency –/);
  expect(text).toMatch(/Mean credit over 7 results\n/);
  expect(text).toContain("Mean credit over 3 results, predicted as yes� (3)");
  expect(text).toMatch(/\+2\s+±5e-1/);
});

it("a report shows averages and measures as charts of their own", () => {
  const [result] = explanation.results;
  if (result === undefined) throw new Error("no result");
  const measures = {
    agreement: { value: 0.5, parts: { saliency: 0.5 } },
    deletion: { value: 0.3, curve: { share: [0, 1], value: [0.6, 0], chance: [0.6, 0] }, parts: { random: 0.6 } },
    infidelity: { value: 0.25, parts: { relative: 0.5 } },
  };
  const measured = {
    ...explanation,
    results: [{ ...result, measures }],
    aggregate: { mean: { x: { dims: [1], data: [2], labels: ["age"], rows: 7, interval: [0.5] } } },
  };
  const extras = reportExtras(measured);
  expect(extras.map(({ title }) => title)).toEqual(["Mean credit of x"]);
  expect(extras[0]).toMatchObject({ note: "over 7 results", bars: [{ label: "age", credit: 2, error: 0.5 }] });
  // Only what was measured has a place in a document that can't measure.
  const sections = [...renderReport(buildView({ explanation: measured })).matchAll(/data-measure="(\w+)" data-verdict="(\w+)"/gu)].map(([, name, verdict]) => [
    name,
    verdict,
  ]);
  expect(sections).toEqual([
    ["deletion", "good"],
    ["infidelity", "fair"],
    ["agreement", "fair"],
  ]);
});
