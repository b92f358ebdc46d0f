import { expect, test } from "vitest";
import { regionBetween, regionKey, regionOf, regionSums, regionWords } from "../../../src/charts/region.js";
import type { PixelView } from "../../../src/protocol/viewModel.js";

/** Two channels of 3 × 2 pixels. */
const pixels: PixelView = {
  channels: 2,
  height: 2,
  width: 3,
  values: [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15],
  credits: [1, -2, 0, 0, 3, 0, 0, 1, 0, 0, 1, -2],
};
const right = { left: 1, top: 0, width: 2, height: 2 };

test("the rectangle between two pixels, from any corner", () => {
  expect(regionBetween({ x: 2, y: 1 }, { x: 1, y: 0 })).toEqual(right);
  expect(regionBetween({ x: 1, y: 1 }, { x: 1, y: 1 })).toEqual({ left: 1, top: 1, width: 1, height: 1 });
});

test("a key names a region inside the picture, or none", () => {
  expect(regionOf(regionKey(right), pixels)).toEqual(right);
  for (const key of [undefined, "", "1,0,2", "2,0,2,1", "0,0,0,1", "-1,0,1,1", "0,0,1,3", "a,b,c,d"]) expect(regionOf(key, pixels)).toBeNull();
  expect(regionKey(null)).toBe("");
});

test("sums over all channels, shares, and the mean of each channel", () => {
  expect(regionSums(pixels, right)).toEqual({ credit: 1, share: 9 / 10, means: [3, 13] });
  expect(regionSums({ ...pixels, values: [], credits: pixels.credits.map(() => 0) }, right)).toEqual({ credit: 0, share: 0, means: [] });
});

test("in words, with the part of the change in score where there is one", () => {
  expect(regionWords(pixels, right, { score: 5, baselineScore: 3 })).toBe(
    "Columns 1 to 2, lines 0 to 1 (2 × 2 pixels): +1 in sum, 90.0 % of the credit, 50.0 % of the change in score, mean value 3 / 13.",
  );
  expect(regionWords({ ...pixels, values: [] }, right, { score: null, baselineScore: null })).toBe(
    "Columns 1 to 2, lines 0 to 1 (2 × 2 pixels): +1 in sum, 90.0 % of the credit.",
  );
});
