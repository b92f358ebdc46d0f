import { describe, expect, test } from "vitest";
import { bisection, type BisectionLimits } from "../../../src/attribution/bisection.js";
import type { Integral } from "../../../src/attribution/integral.js";
import type { PathPoint } from "../../../src/attribution/span.js";

const limits: BisectionLimits = { tolerance: 1e-4, noise: 1e-7, budget: 20_000, complete: true, share: 1 };

/** Bisects the derivative of a score of one variable, `copies` features sharing it evenly. */
function integrate(score: (a: number) => number, slope: (a: number) => number, options: Partial<BisectionLimits> = {}, copies = 1): Integral {
  const size = Array<number>(copies).fill(0);
  const before: Integral = {
    credit: new Map([["x", Float64Array.from(size)]]),
    error: null,
    score: score(1),
    baselineScore: score(0),
    points: 0,
    converged: false,
  };
  const search = bisection(before, { ...limits, ...options });
  let next = search.next([]);
  while (next.done !== true) {
    const point = (alpha: number): PathPoint => ({
      alpha,
      score: score(alpha),
      credit: new Map([["x", Float32Array.from(size, () => slope(alpha) / copies)]]),
    });
    next = search.next(next.value.alphas.map(point));
  }
  return next.value;
}

const credit = ({ credit: c }: Integral): number => Array.from(c.get("x") ?? []).reduce((s, v) => s + v, 0);

describe("bisection", () => {
  test("finds kinks, a few points for every bit of their place", () => {
    const bends = [0.1234, 0.3, 0.71828];
    const result = integrate(
      (a) => bends.reduce((s, at) => s + Math.max(0, a - at), 0),
      (a) => bends.filter((at) => a > at).length,
    );
    expect(result.converged).toBe(true);
    expect(credit(result)).toBeCloseTo(
      bends.reduce((s, at) => s + 1 - at, 0),
      3,
    );
    expect(result.points).toBeLessThan(400);
  });

  test("finds a narrow peak between its first points", () => {
    const sigmoid = (a: number): number => 1 / (1 + Math.exp(-(a - 0.6012) / 1e-4));
    const result = integrate(sigmoid, (a) => (sigmoid(a) * (1 - sigmoid(a))) / 1e-4);
    expect(result.converged).toBe(true);
    expect(credit(result)).toBeCloseTo(1, 3);
  });

  test("a smooth integrand costs the first points alone", () => {
    const result = integrate(Math.sin, Math.cos, {}, 3);
    expect(result.points).toBe(65);
    expect(credit(result)).toBeCloseTo(Math.sin(1), 6);
  });

  test("a jump, which no derivative sees, is not converged, and costs no more than its place", () => {
    const result = integrate(
      (a) => a + (a > 0.37 ? 1 : 0),
      () => 1,
    );
    expect(result.converged).toBe(false);
    expect(credit(result)).toBeCloseTo(1, 6);
    expect(result.points).toBeLessThan(200);
  });

  test("stops at its budget", () => {
    const result = integrate(
      (a) => -Math.cos(1e5 * a) / 1e5,
      (a) => Math.sin(1e5 * a),
      { budget: 500 },
    );
    expect(result.converged).toBe(false);
    expect(result.points).toBeLessThan(2_500);
  });

  test("what memory does not hold is asked for again, for the same result", () => {
    const bends = Array.from({ length: 40 }, (_, i) => ((i + 0.5) * 0.618) % 1);
    const score = (a: number): number => bends.reduce((s, at) => s + Math.max(0, a - at), 0);
    const slope = (a: number): number => bends.filter((at) => a > at).length;
    const [roomy, tight] = [integrate(score, slope), integrate(score, slope, { share: 2 ** 22 })];
    expect(tight.converged).toBe(true);
    expect(tight.points).toBeGreaterThan(roomy.points);
    const exact = score(1);
    for (const result of [roomy, tight]) expect(Math.abs(credit(result) - exact)).toBeLessThan(limits.tolerance * exact);
  });
});
