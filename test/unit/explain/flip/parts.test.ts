import { expect, it } from "vitest";
import { choicePart } from "../../../../src/explain/flip/choicePart.js";
import { goalOf, judge } from "../../../../src/explain/flip/goal.js";
import { numberPart } from "../../../../src/explain/flip/numberPart.js";
import { oneHotGroups, oneHotPart } from "../../../../src/explain/flip/oneHot.js";
import { levelsOf } from "../../../../src/explain/flip/part.js";
import { pictureParts, soundParts } from "../../../../src/explain/flip/regionParts.js";
import { spreadOf } from "../../../../src/explain/flip/spread.js";
import { withoutSpans, wordParts } from "../../../../src/explain/flip/wordParts.js";

const place = { input: "x", position: 3, label: "age" };
const valuesAt = (part: ReturnType<typeof numberPart>, levels: readonly number[]): readonly unknown[] =>
  levels.map((level) => {
    const writing = part?.write(level);
    return writing?.kind === "elements" ? writing.values[0] : undefined;
  });

it("measures a change in median absolute deviations, or standard deviations where most values are the same", () => {
  expect(spreadOf([1, 2, 3, 4, 100])).toEqual({ value: 1, measure: "medianAbsoluteDeviation" });
  expect(spreadOf([0, 0, 0, 0, 10])).toEqual({ value: 4, measure: "standardDeviation" });
  expect(spreadOf([7, 7])).toBeUndefined();
});

it("moves whole numbers by one, and never out of the data's range", () => {
  const part = numberPart(place, 22, [20, 21, 25, 30, 30]);
  expect([part?.below, part?.above]).toEqual([2, 8]);
  expect(valuesAt(part, [-2, -1, 0, 1, 8])).toEqual([20, 21, 22, 23, 30]);
  expect(part?.size(-2)).toBe(0.4);
  expect(part?.describe(8)).toMatchObject({ kind: "number", label: "age", from: 22, to: 30, size: 1.6 });
});

it("moves others by a round step, whatever float32 made of their decimals", () => {
  const part = numberPart(place, 0.1234, [Math.fround(0.1), 0.2, 0.3, 0.4, Math.fround(0.7)]);
  // A hundredth of the spread of 0.1 is 0.001.
  expect(valuesAt(part, [-1, 1, 2])).toEqual([0.123, 0.124, 0.125]);
  expect(valuesAt(part, [-(part?.below ?? 0), part?.above ?? 0])).toEqual([0.1, 0.7]);
});

it("draws a value from outside into the range, and has nothing to do where all values are one", () => {
  const above = numberPart(place, 50, [20, 24, 30]);
  expect([above?.below, above?.above]).toEqual([11, 0]);
  expect(valuesAt(above, [-1, -11])).toEqual([30, 20]);
  const below = numberPart(place, -5, [20, 24, 30]);
  expect([below?.below, below?.above]).toEqual([0, 11]);
  expect(valuesAt(below, [1, 11])).toEqual([20, 30]);
  expect(numberPart(place, 3, [3, 3, 3])).toBeUndefined();
  expect(numberPart(place, NaN, [1, 2, 3])).toBeUndefined();
});

it("tries levels over the whole range, with more of them near", () => {
  expect(levelsOf({ below: 2, above: 3, ordered: true }, 10, true)).toEqual([-2, -1, 1, 2, 3]);
  const levels = levelsOf({ below: 0, above: 1000, ordered: true }, 5, true);
  expect(levels).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 250, 256, 500, 512, 750, 1000]);
  expect(levelsOf({ below: 0, above: 3, ordered: false }, 2, false)).toEqual([1, 2, 3]);
});

it("changes a category to others of the data, the frequent ones first", () => {
  const choices = ["red", "blue", "red", "green", "blue", "blue"].map((shown) => ({ shown, value: ["red", "green", "blue"].indexOf(shown) }));
  const part = choicePart(place, { shown: "red", value: 0 }, choices);
  expect(part?.above).toBe(2);
  expect(part?.write(1)).toEqual({ kind: "elements", positions: [3], values: [2], shown: ["blue"] });
  expect(part?.describe(2)).toMatchObject({ from: "red", to: "green", size: 1 });
  expect(choicePart(place, { shown: "red", value: 0 }, [{ shown: "red", value: 0 }])).toBeUndefined();
});

it("sees columns of zeros and ones that are one category", () => {
  const labels = ["age", "job_clerk", "job_cook", "job_pilot", "smokes", "sex=f", "sex=m"];
  const rows = Array.from({ length: 9 }, (_, i) => [
    20 + i,
    ...[0, 1, 2].map((job) => (i % 3 === job ? 1 : 0)),
    i % 2,
    i % 4 === 0 ? 1 : 0,
    i % 4 === 0 ? 0 : 1,
  ]);
  const groups = oneHotGroups(rows, labels);
  expect(groups).toEqual([
    { name: "job", positions: [1, 2, 3] },
    { name: "sex", positions: [5, 6] },
  ]);
  // Few rows and no names in common are no reason to believe it; many are.
  expect(oneHotGroups(rows, undefined)).toEqual([]);
  expect(oneHotGroups(Array.from({ length: 6 }, () => rows).flat(), undefined).map(({ positions }) => positions)).toEqual([
    [1, 2, 3],
    [5, 6],
  ]);
  const [job = { name: "", positions: [] }] = groups;
  const part = oneHotPart("x", job, rows[1] ?? [], labels, (position) => position !== 1);
  expect(part?.above).toBe(1);
  expect(part?.write(1)).toEqual({ kind: "elements", positions: [2, 3], values: [0, 1] });
  expect(part?.describe(1)).toMatchObject({ label: "job", from: "cook", to: "pilot" });
});

it("takes the sidecar's word for columns that are not neighbours, where the data agrees", () => {
  const rows = [
    [1, 5, 0],
    [0, 6, 1],
    [1, 7, 0],
  ];
  const grouped = [
    { name: "kind", members: [0, 2] },
    { name: "sizes", members: [0, 1] },
  ];
  expect(oneHotGroups(rows, ["a", "b", "c"], grouped)).toEqual([{ name: "kind", positions: [0, 2] }]);
});

it("takes words out whole, with the gaps that they leave", () => {
  const text = "An unforgettable, moving film";
  const parts = wordParts("tokens", {
    text,
    values: [101, 1, 2, 3, 4, 5, 6, 102],
    spans: [
      [0, 0],
      [0, 2],
      [3, 8],
      [8, 16],
      [16, 17],
      [18, 24],
      [25, 29],
      [0, 0],
    ],
    special: [true, false, false, false, false, false, false, true],
    words: [null, 0, 1, 1, 2, 3, 4, null],
  });
  expect(parts.map((part) => part.describe(1)).map((change) => (change.kind === "word" ? change.from : ""))).toEqual([
    "An",
    "unforgettable",
    ",",
    "moving",
    "film",
  ]);
  expect(
    withoutSpans(text, [
      [3, 16],
      [25, 29],
    ]),
  ).toBe("An , moving ");
  expect(withoutSpans(text, [[0, 2]])).toBe("unforgettable, moving film");
  expect(withoutSpans("a dog ‖ is it", [[2, 5]])).toBe("a  ‖ is it");
  expect(wordParts("tokens", { values: [1, 2] })).toEqual([]);
});

it("covers a picture by blocks and a sound by pieces, those at the baseline left out", () => {
  const now = new Float64Array(2 * 20 * 12).fill(1);
  // The first block of both channels is black already.
  for (const c of [0, 1]) for (const y of [0, 1]) for (const x of [0]) now[(c * 20 + y) * 12 + x] = 0;
  const grid = { channels: 2, height: 20, width: 12, at: (c: number, y: number, x: number): number => (c * 20 + y) * 12 + x };
  const covered = { input: "image", now, then: new Float64Array(now.length), word: "black" };
  const parts = pictureParts(covered, grid);
  expect(parts).toHaveLength(63);
  const written = parts.flatMap((part) => {
    const writing = part.write(1);
    return writing.kind === "elements" ? writing.positions : [];
  });
  expect(new Set(written).size).toBe(2 * 20 * 12 - 4);
  expect(parts.at(-1)?.describe(1)).toEqual({ kind: "region", input: "image", rows: [17, 20], columns: [10, 12], to: "black", size: 1 });
  const sound = soundParts({ input: "sound", now: new Float64Array(100).fill(1), then: new Float64Array(100), word: "silence" }, 50);
  expect(sound).toHaveLength(32);
  expect(sound[1]?.write(1)).toMatchObject({ positions: [1, 2, 51, 52] });
});

it("reads what is wanted, and how near a prediction is to it", () => {
  const classes = { value: "p", dims: [3], data: [0.2, 0.5, 0.3], labels: ["a", "b", "c"] };
  const any = goalOf(classes, undefined, true);
  expect(any).toEqual({ kind: "otherClass", from: 1 });
  expect(judge(any, [0.2, 0.5, 0.3], undefined)).toEqual({ margin: 0.3 - 0.5, reached: false });
  // The first of equals is what is predicted.
  expect(judge(any, [0.1, 0.4, 0.4], undefined).reached).toBe(false);
  expect(judge(any, [0.4, 0.4, 0.1], undefined).reached).toBe(true);
  const one = goalOf(classes, "c", true);
  expect(one).toEqual({ kind: "class", from: 1, index: 2 });
  expect(judge(one, [0.6, 0.1, 0.3], undefined).reached).toBe(false);
  // Probabilities that have saturated say nothing about how near; what they are made of does.
  expect(judge(any, [0, 1, 0], [-30, 40, -20])).toEqual({ margin: -60, reached: false });
  expect(() => goalOf({ ...classes, dims: [3, 3], data: new Array<number>(9).fill(0) }, undefined, true)).toThrow("several positions");
  const half = goalOf({ value: "p", dims: [1], data: [0.5] }, undefined, true);
  expect(half).toEqual({ kind: "value", value: 0.5, up: true });
  expect(judge(half, [0.5], [0])).toEqual({ margin: 0, reached: false });
  expect(judge(half, [0.51], [0.04])).toEqual({ margin: 0.04, reached: true });
});
