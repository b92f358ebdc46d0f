import { expect, test } from "vitest";
import { renderReport } from "../../../src/charts/report.js";
import type { Explanation, Result } from "../../../src/protocol/explanation.js";
import { buildView } from "../../../src/viewmodel/build.js";
import { logitView } from "../../../src/viewmodel/logit.js";

const credit = (data: readonly number[]): Result["attributions"] => ({ x: { dims: [3], data, labels: ["age", "mass", "dose"] } });
const saturated: Result = {
  row: 0,
  target: { value: "p", index: [1], label: "ill" },
  prediction: { value: "p", data: [0, 1], labels: ["well", "ill"] },
  score: 1,
  baselineScore: 0.5,
  delta: 0,
  points: 9,
  attributions: credit([0.3, 0.2, 0]),
  logit: { target: { value: "z", index: [1] }, score: 31.5, baselineScore: 0.25, delta: 0, points: 9, attributions: credit([5, 12, 14.25]) },
};

test("a saturated probability is explained by its logit too, which can be explained alone", () => {
  const logit = logitView(saturated, new Map());
  expect(logit).toMatchObject({ target: "logit:1", score: 31.5, inputs: [{ name: "x", kind: "features" }] });
  expect(logit?.sentence).toContain("its logit, 31.5000 from 0.2500 at the baseline. They rank the features differently (rank correlation −1.00)");
  const { logit: _, ...plain } = saturated;
  expect(logitView(plain, new Map())).toBeNull();
});

test("the report has both", () => {
  const explanation: Explanation = {
    schema: 1,
    model: { file: "m.onnx", inputs: [], outputs: [] },
    request: { model: "/m.onnx" },
    results: [saturated],
    milliseconds: { load: 0, compile: 0, run: 0 },
    diagnostics: [],
  };
  const report = renderReport(buildView({ explanation }));
  expect(report).toContain('data-section="logit"');
  expect(report).toContain("+14.3");
});
