import { evaluate, type Steps } from "./evaluate.js";
import { largest, noiseFloor, total, type Integral, type Integrand } from "./integral.js";
import { kronrodRule } from "./quadrature/kronrod.js";
import type { Item } from "./rows.js";

interface Interval {
  readonly from: number;
  readonly to: number;
  readonly credit: ReadonlyMap<string, Float64Array>;
  /** |K15 − G7| per element. */
  readonly error: ReadonlyMap<string, Float64Array>;
  readonly worst: number;
}

/** Below this width the integrand's nodes coincide in float32. */
const narrowest = 2 ** -19;
const mostPoints = 20_000;
/** Rounds without a tenth of progress: noise or a jump, which no halving resolves. */
const patience = 4;

/**
 * Adaptive Gauss–Kronrod bisection of [0, 1] for one item: for integrands with kinks or jumps, where nested levels stop converging.
 * Every interval whose error is above its share is halved in each round, so that a round is one or few runs. Source: Piessens et al., QUADPACK (1983), QAG.
 * Gives up at `mostPoints` points or when all that is left is narrower than float32 resolves; then `converged` says so.
 */
export function* bisect(integrand: Integrand, item: Item, before: Integral, tolerance: number): Steps<Integral> {
  let points = before.points;
  let intervals = yield* measure(integrand, item, [
    [0, 0.25],
    [0.25, 0.5],
    [0.5, 0.75],
    [0.75, 1],
  ]);
  points += 4 * kronrodRule.nodes.length;
  // Where a point is dear, fewer are worth waiting for.
  const budget = Math.min(mostPoints, 1_000 + 500 * capacityOf(integrand));
  let best = Infinity;
  let stalled = 0;
  for (;;) {
    const integral = summarize(intervals, before, points);
    const scale = largest(integral.credit.values());
    const allowed = tolerance * scale + noiseFloor * Math.max(Math.abs(before.score), Math.abs(before.baselineScore));
    const delta = total(integral.credit.values()) - (before.score - before.baselineScore);
    const exact = !integrand.complete || Math.abs(delta) <= allowed;
    const uncertain = largest(integral.error!.values());
    if (uncertain <= allowed && exact) return { ...integral, converged: true };
    stalled = uncertain > 0.9 * best ? stalled + 1 : 0;
    best = Math.min(best, uncertain);
    // Every interval is settled and the sum is still off: the score jumps between points, and no derivative sees a jump.
    if (stalled >= patience || (uncertain <= allowed / 8 && !exact)) return integral;
    const share = Math.min(allowed, Math.max(uncertain / 2, allowed / 8)) / intervals.length;
    const split = intervals
      .filter((i) => i.worst > share && i.to - i.from > narrowest)
      .sort((p, q) => q.worst - p.worst)
      .slice(0, 256);
    if (split.length === 0 || points > budget) return { ...integral, converged: uncertain <= allowed && exact };
    const chosen = new Set(split);
    const halves = split.flatMap(({ from, to }): [number, number][] => [
      [from, (from + to) / 2],
      [(from + to) / 2, to],
    ]);
    points += halves.length * kronrodRule.nodes.length;
    intervals = [...intervals.filter((i) => !chosen.has(i)), ...(yield* measure(integrand, item, halves))];
    yield { kind: "progress", fraction: Math.min(0.99, points / budget) };
  }
}

function capacityOf({ rows, capacity }: Integrand): number {
  return rows.bound.stacked ? capacity : 0;
}

/** Evaluates intervals; each is an item of its own with its own points, so that many go into one run. */
function* measure(integrand: Integrand, item: Item, spans: readonly (readonly [number, number])[]): Steps<Interval[]> {
  const { rows, program, capacity, unitLayer } = integrand;
  const alphas = kronrodRule.nodes.map((x) => spans.map(([from, to]) => from + x * (to - from)));
  const sums = yield* evaluate(
    rows,
    program,
    spans.map(() => item),
    { alphas, weights: [kronrodRule.kronrod, kronrodRule.gauss] },
    capacity,
    unitLayer,
  );
  return spans.map(([from, to], i) => {
    const width = to - from;
    const credit = new Map([...sums.credit].map(([name, [k]]) => [name, k![i]!.map((v) => v * width)]));
    const error = new Map([...sums.credit].map(([name, [k, g]]) => [name, k![i]!.map((v, e) => Math.abs(v - g![i]![e]!) * width)]));
    return { from, to, credit, error, worst: largest(error.values()) };
  });
}

function summarize(intervals: readonly Interval[], before: Integral, points: number): Integral {
  const credit = new Map([...before.credit].map(([name, c]) => [name, new Float64Array(c.length)]));
  const error = new Map([...before.credit].map(([name, c]) => [name, new Float64Array(c.length)]));
  for (const interval of intervals) {
    for (const [name, c] of interval.credit) {
      const sum = credit.get(name)!;
      for (let e = 0; e < c.length; e++) sum[e] = sum[e]! + c[e]!;
    }
    for (const [name, c] of interval.error) {
      const sum = error.get(name)!;
      for (let e = 0; e < c.length; e++) sum[e] = sum[e]! + c[e]!;
    }
  }
  return { credit, error, score: before.score, baselineScore: before.baselineScore, points, converged: false };
}
