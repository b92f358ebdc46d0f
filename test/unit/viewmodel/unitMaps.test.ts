import { expect, test } from "vitest";
import type { LayersAnswer } from "../../../src/protocol/explanation.js";
import { tokenLayers, unitMaps } from "../../../src/viewmodel/unitMaps.js";

const credit = (dims: readonly number[]) => ({ dims, data: Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i) });

test("channels, sequences, and what is neither", () => {
  expect(unitMaps(credit([3, 2, 4]))).toMatchObject({ channels: 3, height: 2, width: 4 });
  expect(unitMaps(credit([5, 4]))).toMatchObject({ channels: 1, height: 5, width: 4 });
  expect(unitMaps(credit([7]))).toBeNull();
  expect(unitMaps(credit([3, 1, 1]))).toBeNull();
});

test("layers with a row of units a token sum each row; others are left out, and one alone is no picture", () => {
  const layer = (value: string, dims: readonly number[]) => ({ value, path: value, units: 0, total: 0, share: 1, credit: credit(dims) });
  const answer = (layers: LayersAnswer["layers"]): LayersAnswer => ({ layers, diagnostics: [] });
  const tokens = { dims: [3], data: [0, 0, 0], labels: ["a", "b", "c"] };
  const seen = tokenLayers(answer([layer("x", [3, 2]), layer("y", [3, 1]), layer("z", [4, 2])]), tokens);
  expect(seen?.rows).toEqual([
    { path: "x", value: "x", credits: [1, 5, 9] },
    { path: "y", value: "y", credits: [0, 1, 2] },
  ]);
  expect(tokenLayers(answer([layer("x", [3, 2])]), tokens)).toBeNull();
});
