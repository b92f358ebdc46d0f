import { describe, expect, test } from "vitest";
import { booleRule } from "../../../src/attribution/quadrature/boole.js";
import { levelSizes, nestedRule } from "../../../src/attribution/quadrature/nested.js";
import { fixedRule } from "../../../src/attribution/quadrature/rules.js";

/** ∫₀¹ x^k dx by a rule. */
function moment(nodes: readonly number[], weights: readonly number[], k: number): number {
  return nodes.reduce((sum, x, i) => sum + (weights[i] ?? NaN) * x ** k, 0);
}

const sum = (weights: readonly number[]): number => weights.reduce((s, w) => s + w, 0);

describe("fixed rules", () => {
  test.each(["gausslegendre", "riemann_left", "riemann_right", "riemann_middle"] as const)("%s: weights sum to 1", (rule) => {
    for (const n of [1, 2, 7, 50]) expect(sum(fixedRule(rule, n).weights)).toBeCloseTo(1, 13);
  });

  test("the trapezoid's weights sum to (n − 1)/n, as Captum's do", () => {
    for (const n of [2, 7, 50]) expect(sum(fixedRule("riemann_trapezoid", n).weights)).toBeCloseTo((n - 1) / n, 13);
  });

  test("Gauss–Legendre with n nodes is exact to degree 2n − 1 and no further", () => {
    for (const n of [1, 2, 3, 8, 50]) {
      const { nodes, weights } = fixedRule("gausslegendre", n);
      for (let k = 0; k < 2 * n; k++) expect(moment(nodes, weights, k)).toBeCloseTo(1 / (k + 1), 13);
    }
    const { nodes, weights } = fixedRule("gausslegendre", 2);
    expect(Math.abs(moment(nodes, weights, 4) - 1 / 5)).toBeGreaterThan(1e-3);
  });
});

describe("Boole's rule", () => {
  const nodes = [0, 1 / 4, 1 / 2, 3 / 4, 1];
  const { boole, coarse, fine } = booleRule;

  test("exact to degree 5, and its two Simpson rules to degree 3", () => {
    for (let k = 0; k <= 5; k++) expect(moment(nodes, boole, k)).toBeCloseTo(1 / (k + 1), 14);
    for (const rule of [coarse, fine]) {
      for (let k = 0; k <= 3; k++) expect(moment(nodes, rule, k)).toBeCloseTo(1 / (k + 1), 14);
      expect(Math.abs(moment(nodes, rule, 4) - 1 / 5)).toBeGreaterThan(1e-4);
    }
  });

  test("it is the extrapolation of the two", () => {
    boole.forEach((w, k) => expect((16 * (fine[k] ?? NaN) - (coarse[k] ?? NaN)) / 15).toBeCloseTo(w, 14));
  });
});

describe("nested levels", () => {
  const { nodes, weights } = nestedRule();

  test("each level uses the nodes of the one before, and only as many as it says", () => {
    levelSizes.forEach((size, level) => {
      expect(weights[level]?.slice(0, size).every((w) => w > 0)).toBe(true);
      expect(weights[level]?.slice(size).every((w) => w === 0)).toBe(true);
    });
    expect(new Set(nodes).size).toBe(levelSizes.at(-1));
  });

  test("both ends of the path are nodes of the first level, exactly", () => {
    expect(nodes.slice(0, levelSizes[0])).toEqual(expect.arrayContaining([0, 1]));
  });

  test("weights sum to 1, and smooth functions converge from level to level", () => {
    for (const level of weights) expect(sum(level)).toBeCloseTo(1, 13);
    const errors = weights.map((level) => Math.abs(nodes.reduce((s, x, i) => s + (level[i] ?? NaN) / (1 + 25 * (x - 0.5) ** 2), 0) - (2 / 5) * Math.atan(2.5)));
    expect(errors[1]).toBeLessThan(errors[0] ?? 0);
    expect(errors[2]).toBeLessThan(1e-6);
  });
});
