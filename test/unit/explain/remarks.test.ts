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
