import { expect, it } from "vitest";
import { remarks } from "../../../src/explain/remarks.js";
import type { Result } from "../../../src/protocol/explanation.js";

const good: Result = {
  row: 3,
  target: { value: "p", index: [0] },
  prediction: { value: "p", data: [0.75] },
  score: 0.75,
  baselineScore: 0.25,
  delta: 1e-8,
  points: 9,
  attributions: { x: { dims: [2], data: [0.3, 0.2] } },
};
const codes = (change: Partial<Result>, converged = true): readonly string[] =>
  remarks([{ ...good, ...change }], { converged: [converged], probabilities: "p", beforeLast: "logits", layer: false }).map((d) => d.code);

it.each([
  ["nothing wrong", {}, true, []],
  ["credits that miss the change", { delta: 0.02 }, true, ["NOT_COMPLETE"]],
  ["credits within 1 % of the change", { delta: 0.004 }, true, []],
  ["a difference that float32 alone can make", { score: 1000, baselineScore: 1000.00001, delta: 0.0005, target: { value: "logits", index: [0] } }, true, []],
  ["an estimate above the tolerance", {}, false, ["NOT_CONVERGED"]],
  ["a gradient that is not a number", { attributions: { x: { dims: [1], data: [NaN] } } }, true, ["NOT_FINITE"]],
  ["a probability of almost 1", { score: 1 - 1e-9, delta: null }, true, ["SATURATED"]],
  ["a logit of almost 1", { score: 1 - 1e-9, delta: null, target: { value: "logits", index: [0] } }, true, []],
  ["a method that promises no sum", { delta: null }, true, []],
  ["a score that is the same at the baseline", { baselineScore: 0.75, delta: 0, attributions: { x: { dims: [2], data: [0.2, -0.2] } } }, true, ["NO_CHANGE"]],
  ["a change below the last digit of float32", { score: Math.fround(0.75), baselineScore: Math.fround(0.75 + 1e-7), delta: 0 }, true, ["NO_CHANGE"]],
  ["the same change where numbers have more digits", { score: 0.75, baselineScore: 0.75 + 1e-7, delta: 0 }, true, []],
  ["credits that are all zero", { delta: null, attributions: { x: { dims: [2], data: [0, 0] } } }, true, ["NO_CREDIT"]],
  ["zeros because a probability saturated", { score: 1, delta: null, attributions: { x: { dims: [2], data: [0, 0] } } }, true, ["SATURATED"]],
  ["a margin that is no probability", { score: 4.15, delta: null }, true, []],
  ["a prediction that is no number", { prediction: { value: "p", data: [NaN, 0.5] } }, true, ["NOT_FINITE"]],
  ["a class that the model rules out", { prediction: { value: "p", data: [-Infinity, 0.5] } }, true, []],
] as const)("%s", (_, change, converged, expected) => {
  expect(codes(change, converged)).toEqual(expected);
});

it("names rows and the value to explain instead", () => {
  const [remark] = remarks(
    [
      { ...good, score: 0 },
      { ...good, row: 8, score: 0 },
    ],
    { converged: [true, true], probabilities: "p", beforeLast: "logits", layer: false },
  ).filter((d) => d.code === "SATURATED");
  expect(remark?.message).toContain("In 2 rows (3, 8)");
  expect(remark?.hint).toContain("logits");
});

it("does not ask a layer's credits to add up to the whole change", () => {
  expect(remarks([{ ...good, delta: 0.3 }], { converged: [true], probabilities: "p", beforeLast: "logits", layer: true })).toEqual([]);
});

it("says what helps where intervals of random draws stayed wide", () => {
  const facts = { converged: [false], probabilities: "p", beforeLast: "logits", layer: false };
  expect(remarks([good], { ...facts, drawn: true })[0]?.hint).toContain("samples");
  expect(remarks([good], facts)[0]?.hint).toContain("path");
});
