import { expect, it } from "vitest";
import { aggregate } from "../../../src/explain/aggregate.js";
import type { Credit, Result } from "../../../src/protocol/explanation.js";

const result = (row: number, attributions: Readonly<Record<string, Credit>>): Result => ({
  row,
  prediction: { value: "y", data: [0] },
  score: 0,
  baselineScore: 0,
  delta: 0,
  points: 1,
  attributions,
});
const two = [
  result(0, { x: { dims: [2], data: [1, -4], labels: ["a", "b"], values: [5, 6] }, text: { dims: [1], data: [1], labels: ["hi"], spans: [[0, 2]] } }),
  result(1, {
    x: { dims: [2], data: [3, 2], labels: ["a", "b"], values: [7, 8] },
    text: {
      dims: [2],
      data: [1, 1],
      labels: ["oh", "no"],
      spans: [
        [0, 2],
        [3, 5],
      ],
    },
  }),
];

it("averages over rows, keeps names and drops the values of single rows", () => {
  expect(aggregate(two, "mean").credits).toEqual({ x: { dims: [2], data: [2, -1], labels: ["a", "b"] } });
  expect(aggregate(two, "meanAbs").credits["x"]?.data).toEqual([2, 3]);
});

it("leaves out what has another length in another row, and says so", () => {
  expect(aggregate(two, "mean").uneven).toEqual(["text"]);
});
