import { expect, it } from "vitest";
import { Aggregator } from "../../../src/explain/aggregate.js";
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

function aggregate(results: readonly Result[], kind: "mean" | "meanAbs"): ReturnType<Aggregator["finish"]> {
  const sum = new Aggregator(kind);
  for (const one of results) sum.add([one]);
  return sum.finish();
}

it("averages over rows with intervals, keeps names and drops the values of single rows", () => {
  // Deviations ±1 and ±3 of two rows: standard errors 1 and 3.
  expect(aggregate(two, "mean").aggregate).toEqual({
    mean: { x: { dims: [2], data: [2, -1], labels: ["a", "b"], rows: 2, interval: [1.96, 3 * 1.96].map((x) => expect.closeTo(x, 9) as number) } },
  });
  expect(aggregate(two, "meanAbs").aggregate?.meanAbs?.["x"]?.data).toEqual([2, 3]);
  expect(aggregate(two.slice(0, 1), "mean").aggregate?.mean?.["x"]).not.toHaveProperty("interval");
});

it("leaves out what has another length in another row, and says so", () => {
  expect(aggregate(two, "mean").uneven).toEqual(["text"]);
});

it("averages each class: those explained, or those predicted where one is explained throughout", () => {
  const of = (row: number, x: number, target: string, best: number): Result => ({
    ...result(row, { x: { dims: [1], data: [x] } }),
    target: { value: "p", index: [0], label: target },
    prediction: { value: "p", data: [1 - best, best], labels: ["no", "yes"] },
  });
  const explained = aggregate([of(0, 1, "no", 0), of(0, 3, "yes", 0), of(1, 5, "yes", 0)], "mean").classes;
  expect(explained?.map(({ by, label, rows, aggregate: a }) => [by, label, rows, a.mean?.["x"]?.data])).toEqual([
    ["target", "no", 1, [1]],
    ["target", "yes", 2, [4]],
  ]);
  const predicted = aggregate([of(0, 1, "yes", 1), of(1, 2, "yes", 0), of(2, 4, "yes", 0)], "mean").classes;
  expect(predicted?.map(({ by, label, rows, aggregate: a }) => [by, label, rows, a.mean?.["x"]?.data])).toEqual([
    ["prediction", "no", 2, [3]],
    ["prediction", "yes", 1, [1]],
  ]);
  expect(aggregate([of(0, 1, "yes", 1)], "mean").classes).toBeUndefined();
});

it("averages of a layer's units keep their channels: sums of the averages", () => {
  const layer = (data: readonly number[]): Record<string, Credit> => ({ h: { dims: [2, 1, 2], data, groups: { by: "channel", data: [0, 0] } } });
  const all = [result(0, layer([1, 2, 3, -4])), result(1, layer([3, 0, 1, 0]))];
  expect(aggregate(all, "mean").aggregate?.mean?.["h"]).toMatchObject({ data: [2, 1, 2, -2], groups: { by: "channel", data: [3, 0] } });
  expect(aggregate(all, "meanAbs").aggregate?.meanAbs?.["h"]?.groups?.data).toEqual([3, 4]);
});
