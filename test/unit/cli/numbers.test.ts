import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shortFloat } from "../../../src/base/shortFloat.js";
import { shortFloats, tableNumber } from "../../../src/cli/numbers.js";

describe("shortFloat", () => {
  it.each([
    [Math.fround(0.1), 0.1],
    [Math.fround(23.8), 23.8],
    [0.30000000000000004, 0.3],
    [16777217, 16777217],
    [-0.0000120000004, -0.000012],
    [1e-50, 0],
    [Math.fround(3.4028235e38), 3.4028235e38],
    [NaN, null],
    [-Infinity, null],
  ])("%d becomes %s", (x, expected) => {
    expect(shortFloat(x)).toBe(expected);
  });

  it("reads back as the same float32, in at most nine digits", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const short = shortFloat(x) ?? NaN;
        expect(Math.fround(short)).toBe(x === 0 ? 0 : x);
        if (!Number.isSafeInteger(x)) expect(Number(short.toPrecision(9))).toBe(short);
      }),
      { seed: 7 },
    );
  });

  it("goes through plain data", () => {
    expect(shortFloats({ a: [Math.fround(0.1), "text", null], b: { c: NaN } })).toEqual({ a: [0.1, "text", null], b: { c: null } });
  });
});

it.each([
  [0.000012345, "1.23e-5"],
  [0.123456, "0.1235"],
  [0, "0"],
  [NaN, "–"],
])("tableNumber of %d", (x, expected) => {
  expect(tableNumber(x)).toBe(expected);
});
