import { describe, expect, it } from "vitest";
import { resizeMatrix, type Interpolation } from "../../../../src/autodiff/rules/interpolation.js";

const how: Interpolation = {
  mode: "linear",
  coordinates: "half_pixel",
  nearestMode: "round_prefer_floor",
  cubicCoefficient: -0.75,
  excludeOutside: false,
  antialias: false,
};
const axis = (size: number, resized: number) => ({ size, resized, scale: resized / size, region: [0, 1] as const });

describe("resizeMatrix", () => {
  it("doubles by half pixels", () => expect(Array.from(resizeMatrix(axis(2, 4), how))).toEqual([1, 0, 0.75, 0.25, 0.25, 0.75, 0, 1]));

  it("keeps the corners where they are aligned", () =>
    expect(Array.from(resizeMatrix(axis(2, 3), { ...how, coordinates: "align_corners" }))).toEqual([1, 0, 0.5, 0.5, 0, 1]));

  it("takes the lower neighbour at half way", () =>
    expect(Array.from(resizeMatrix(axis(4, 2), { ...how, mode: "nearest" }))).toEqual([1, 0, 0, 0, 0, 0, 1, 0]));

  it.each(["linear", "cubic"] as const)("reads every input when it shrinks with antialiasing (%s), in weights that add up to 1", (mode) => {
    const matrix = resizeMatrix(axis(8, 2), { ...how, mode, antialias: true });
    for (const row of [matrix.slice(0, 8), matrix.slice(8)]) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(Array.from({ length: 8 }, (_, i) => matrix[i]! + matrix[8 + i]!).every((weight) => weight !== 0)).toBe(true);
  });
});
