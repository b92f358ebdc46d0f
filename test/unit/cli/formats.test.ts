import { expect, it } from "vitest";
import { explanationCsv } from "../../../src/cli/explanationCsv.js";
import { compactJson, explanationJson } from "../../../src/cli/explanationJson.js";
import { explanationTable } from "../../../src/cli/explanationTable.js";
import type { Explanation } from "../../../src/protocol/explanation.js";

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
    "2,p[1],x,1,b\u001b[31m,red,,0",
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
