import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { comparisonView, rankCorrelation } from "../../../src/viewmodel/compare.js";
import type { ViewParts } from "../../../src/viewmodel/build.js";

const { explanation } = JSON.parse(readFileSync("test/fixtures/panel/diabetes.json", "utf8")) as ViewParts;
const data = explanation.results[0]?.attributions["measurements"]?.data ?? [];

test("rank correlation: same order, reversed order, ties, nothing to rank", () => {
  expect(rankCorrelation([1, 2, 3, 40], [-5, 0, 1, 2])).toBeCloseTo(1, 12);
  expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / √(4.5 · 5).
  expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(rankCorrelation([1, 1], [1, 2])).toBeNull();
});

test("an explanation beside itself has the same order and no difference", () => {
  const view = comparisonView([{ id: "1", explanation }], "1", explanation, undefined);
  expect(view?.inputs[0]?.rankCorrelation).toBeCloseTo(1, 12);
  expect(view?.inputs[0]?.rows.map(({ here, there }) => here - there)).toEqual(data.map(() => 0));
  expect(view?.sentence).toMatch(/^measurements: rank correlation 1\.00 \(the same order\)/u);
});

test("inputs whose elements differ stand side by side and have no difference", () => {
  const results = explanation.results.map((result) => ({ ...result, attributions: { measurements: { dims: [2], data: [1, 2], labels: ["x", "y"] } } }));
  const view = comparisonView([{ id: "1", explanation: { ...explanation, results } }], undefined, explanation, undefined);
  expect(view?.inputs).toEqual([]);
  expect(view?.sides.map(({ inputs }) => inputs.length)).toEqual([1, 1]);
});

test("without pins there is nothing to compare", () => {
  expect(comparisonView([], undefined, explanation, undefined)).toBeNull();
});
