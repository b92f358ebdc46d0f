import { expect, test } from "vitest";
import { lanesOf } from "../../../src/charts/lanes.js";
import type { LayerView } from "../../../src/protocol/viewModel.js";

const layer = (value: string, from?: readonly string[]): LayerView => ({
  value,
  path: value,
  units: 1,
  total: 0,
  share: 1,
  ...(from === undefined ? {} : { from }),
});

test("without knowledge of the graph layers are a chain", () => {
  expect(lanesOf([layer("a"), layer("b"), layer("c")])).toEqual({
    count: 1,
    lane: [0, 0, 0],
    edges: [
      [0, 1],
      [1, 2],
    ],
  });
});

test("two branches have lanes of their own and join", () => {
  const lanes = lanesOf([layer("a", []), layer("b", ["a"]), layer("c", []), layer("d", ["c"]), layer("e", ["b", "d"])]);
  expect(lanes.lane[0]).toBe(lanes.lane[1]);
  expect(lanes.lane[2]).toBe(lanes.lane[3]);
  expect(lanes.lane[2]).not.toBe(lanes.lane[0]);
  expect(lanes.edges).toEqual([
    [0, 1],
    [2, 3],
    [1, 4],
    [3, 4],
  ]);
});

test("a shortcut past a layer keeps its line free of it", () => {
  const lanes = lanesOf([layer("a", []), layer("b", ["a"]), layer("c", ["a", "b"])]);
  expect(lanes.lane[1]).not.toBe(lanes.lane[0]);
});

test("a module and the last one in it are on one line", () => {
  const lanes = lanesOf([layer("a", []), layer("b", ["a"]), layer("b", ["a"]), layer("c", ["b"])]);
  expect(lanes.lane).toEqual([0, 0, 0, 0]);
  expect(lanes.edges).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

test("more branches than can be told apart are a chain", () => {
  const many = Array.from({ length: 12 }, (_, i) => layer(String(i), []));
  expect(
    lanesOf([
      ...many,
      layer(
        "end",
        many.map(({ value }) => value),
      ),
    ]).count,
  ).toBe(1);
});
