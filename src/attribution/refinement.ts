import type { Steps } from "./evaluate.js";
import { largest, noiseFloor, total, type Integral, type Integrand } from "./integral.js";
import { searchPaths, type PathSearch } from "./pathSearch.js";
import { panelGrid, panels, type Panel } from "./quadrature/panels.js";
import { fewestAbove, type PathPoint } from "./span.js";

/** Places on the grid of the first round, about where eight Chebyshev nodes lie: a first picture as good as that of the first level, a point sooner. */
const firstPlaces = [0, 16, 40, 56, 72, 88, 112, 128] as const;
/** Of every so many places one is known after the second round: 17 points, below which no estimate means much. */
const secondStride = 8;
/** How many times the change by the last two orders the error may be; kept 104 integrands of a transformer within the tolerance, where once did not (102). */
const caution = 4;

export interface RefinementLimits {
  readonly tolerance: number;
  /** Whether credits add up to the change of the score. */
  readonly complete: boolean;
}

/** Integrates all items by refinement; those that do not converge say so. */
export function* refine(integrand: Integrand, limits: RefinementLimits): Steps<Integral[]> {
  const integrals: (Integral | null)[] = integrand.items.map(() => null);
  yield* searchPaths(
    integrand,
    integrals,
    integrals.map((_, item) => item),
    () => refinement(limits),
  );
  return integrals.map((i) => i!);
}

/**
 * Adaptive integration of a smooth path by polynomials of local nodes: for integrands whose points cost much. The nodes are those of the nested rule; only panels whose error counts are
 * halved, and every panel is integrated by the polynomial through the eight nodes around it. Transformers change fast on a part of the path only, so that this takes
 * two thirds of the points that whole levels take, or fewer. Ends without convergence where only panels of the finest level are left: at a kink or a jump.
 */
export function* refinement({ tolerance, complete }: RefinementLimits): PathSearch {
  const grid = panelGrid();
  const known = new Map<number, PathPoint>();
  let wanted: readonly number[] = firstPlaces;
  let integral: Integral | null = null;
  for (let round = 0; ; round++) {
    const added: readonly PathPoint[] = yield { alphas: wanted.map((place) => grid[place]!), known: integral };
    wanted.forEach((place, k) => known.set(place, added[k]!));
    const at = [...known.keys()].sort((a, b) => a - b);
    const points = at.map((place) => known.get(place)!);
    const parts = panels(points.map((p) => p.alpha));
    const sums = integrateOver(parts, points, complete);
    integral = sums.integral;
    const allowed = tolerance * largest(integral.credit.values()) + noiseFloor * Math.max(Math.abs(integral.score), Math.abs(integral.baselineScore));
    const delta = total(integral.credit.values()) - (integral.score - integral.baselineScore);
    const error = largest(integral.error?.values() ?? []);
    if (round > 0 && error <= allowed && (!complete || Math.abs(delta) <= allowed)) return { ...integral, converged: true };
    // NaN at an end or behind an overflow: no polynomial goes through it.
    if (!Number.isFinite(error)) return integral;
    wanted =
      round === 0 ? grid.flatMap((_, place) => (place % secondStride === 0 && !known.has(place) ? [place] : [])) : halved(parts, sums.worst, at, allowed);
    if (wanted.length === 0) return integral;
  }
}

/** The middles of the fewest panels without which the rest is good enough; the target is tightened until one is found, as errors of one sign add up. */
function halved(parts: readonly Panel[], worst: readonly number[], at: readonly number[], allowed: number): number[] {
  const order = parts.map((_, i) => i).sort((p, q) => worst[q]! - worst[p]!);
  for (let target = allowed; target > allowed / 1024; target /= 2) {
    const chosen = order.slice(
      0,
      fewestAbove(
        order.map((i) => worst[i]!),
        target,
      ),
    );
    const middles = chosen.flatMap((i) => (at[i + 1]! - at[i]! > 1 ? [(at[i]! + at[i + 1]!) / 2] : []));
    if (middles.length > 0) return middles;
  }
  return [];
}

interface PanelSums {
  readonly integral: Integral;
  /** Of each panel: by how much its credits, or their sum, may be off. */
  readonly worst: readonly number[];
}

function integrateOver(parts: readonly Panel[], points: readonly PathPoint[], complete: boolean): PanelSums {
  const credit = new Map<string, Float64Array>();
  const error = new Map<string, Float64Array>();
  const worst = parts.map(() => 0);
  const gained = parts.map(() => 0);
  for (const [name, { length }] of points[0]!.credit) {
    const arrays = points.map((p) => p.credit.get(name)!);
    const [sum, signed, squared] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
    parts.forEach(({ first, weights, difference }, i) => {
      for (let e = 0; e < length; e++) {
        let [c, d] = [0, 0];
        for (let k = 0; k < weights.length; k++) {
          const v = arrays[first + k]![e]!;
          c += weights[k]! * v;
          d += difference[k]! * v;
        }
        sum[e] = sum[e]! + c;
        signed[e] = signed[e]! + d;
        squared[e] = squared[e]! + d * d;
        gained[i] = gained[i]! + c;
        worst[i] = Math.max(worst[i]!, caution * Math.abs(d));
      }
    });
    credit.set(name, sum);
    error.set(
      name,
      signed.map((d, e) => caution * Math.max(Math.abs(d), Math.sqrt(squared[e]!))),
    );
  }
  // What a panel's credits add up to is known exactly where they add up to the change of the score.
  if (complete)
    parts.forEach(({ from, to }, i) => {
      worst[i] = Math.max(worst[i]!, Math.abs(gained[i]! - (points[to]!.score - points[from]!.score)));
    });
  const [start, end] = [points[0]!, points[points.length - 1]!];
  return { integral: { credit, error, score: end.score, baselineScore: start.score, points: points.length, converged: false }, worst };
}
