import { expect, test } from "vitest";
import { Summary } from "../../../src/summary/summary.js";
import type { ObservedRow } from "../../../src/protocol/summary.js";

const row = (number: number, credits: readonly (readonly [key: string, credit: number])[], change: Partial<ObservedRow> = {}): ObservedRow => ({
  row: number,
  id: null,
  predicted: "a",
  truth: null,
  score: 0.5,
  delta: null,
  credits: credits.map(([key, credit]) => ({ key, input: "x", label: key, credit, value: number, word: false })),
  pictures: [],
  drawn: true,
  ...change,
});
const everything = { features: 10, swarms: { features: 10, dots: 100 } };
const sumOf = (rows: readonly ObservedRow[]): Summary => {
  const summary = new Summary();
  for (const one of rows) summary.add(one);
  return summary;
};

test("means with their intervals, worked out by hand", () => {
  const group = sumOf([row(0, [["f", 1]]), row(1, [["f", -2]]), row(2, [["f", 4]])]).group("all", everything);
  const [f] = group?.features ?? [];
  expect(f?.meanAbs).toBeCloseTo(7 / 3, 12);
  expect(f?.mean).toBe(1);
  // Sample variances 7/3 of |1, 2, 4| and 9 of 1, −2, 4, over three rows.
  expect(f?.interval).toBeCloseTo(1.96 * Math.sqrt(7 / 3 / 3), 12);
  expect(f?.meanInterval).toBeCloseTo(1.96 * Math.sqrt(9 / 3), 12);
});

test("wrong minus right, with the interval of a difference of means", () => {
  const rows = [0, 1, 2, 3].map((i) => row(i, [["f", i]], { right: i < 2, truth: "b" }));
  const drivers = sumOf(rows).drivers(everything);
  expect(drivers).toMatchObject({ right: 2, wrong: 2, features: [{ right: 0.5, wrong: 2.5, difference: 2 }] });
  // Variance ½ of each side, over two rows each.
  expect(drivers?.features[0]?.interval).toBeCloseTo(1.96 * Math.sqrt(0.25 + 0.25), 12);
  expect(sumOf(rows.slice(0, 2)).drivers(everything)).toBeNull();
  expect(sumOf(rows.slice(1, 3)).drivers(everything)?.features[0]?.interval).toBeNull();
});

test("words in too few rows are left out; the mean is over the rows that have them", () => {
  const word = (number: number, words: readonly string[]): ObservedRow => {
    const { credits, ...one } = row(
      number,
      words.map((text, i) => [text, i + 1] as const),
    );
    return { ...one, credits: credits.map((credit) => ({ ...credit, word: true })) };
  };
  const group = sumOf([word(0, ["the", "plot"]), word(1, ["the"]), word(2, ["a", "the"])]).group("all", everything);
  expect(group?.features).toMatchObject([{ label: "the", rows: 3, meanAbs: 4 / 3, word: true }]);
  expect(group?.swarms[0]?.dots.map(([at]) => at)).toEqual([0, 1, 2]);
});

test("groups: a class, right and wrong ones, none for a class that nobody is predicted as; features found by name", () => {
  const rows = [0, 1, 2].map((i) =>
    row(
      i,
      [
        ["age", i],
        ["mass", -i],
      ],
      { predicted: i === 0 ? "a" : "b", right: i !== 1 },
    ),
  );
  const summary = sumOf(rows);
  expect(summary.classes).toEqual([
    { label: "b", rows: 2 },
    { label: "a", rows: 1 },
  ]);
  expect(summary.group({ predicted: "b" }, everything)).toMatchObject({ rows: 2, count: 2 });
  expect(summary.group("wrong", everything)?.swarms[0]?.dots).toEqual([[1, 1, 1]]);
  expect(summary.group({ predicted: "c" }, everything)).toBeUndefined();
  expect(summary.group("all", { features: 1, search: " MA" })).toMatchObject({ count: 1, features: [{ label: "mass" }] });
});

test("pictures are averaged pixel by pixel, each input has its share", () => {
  const picture = (credits: readonly number[]): ObservedRow => row(0, [["f", 2]], { pictures: [{ input: "image", dims: [1, 1, 2], credits }] });
  const group = sumOf([picture([1, -3]), picture([3, 3])]).group("all", everything);
  expect(group?.pictures).toEqual([{ input: "image", dims: [1, 1, 2], meanAbs: [2, 3], mean: [2, 0] }]);
  // 10 of 14 is the picture's |credit|; its credits sum to 2 in the mean.
  expect(group?.shares).toEqual([
    { input: "image", share: 10 / 14, net: 2 },
    { input: "x", share: 4 / 14, net: 2 },
  ]);
});
