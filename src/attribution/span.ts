import { booleRule } from "./quadrature/boole.js";

/** What is known at one point of the path. */
export interface PathPoint {
  readonly alpha: number;
  readonly score: number;
  readonly credit: ReadonlyMap<string, Float32Array>;
}

/** An interval of the path with five equidistant points. */
export interface Span {
  readonly points: readonly PathPoint[];
  /** Whether the points still have their credits. */
  readonly kept: boolean;
  /** The largest difference of the two Simpson rules over the elements. */
  readonly rough: number;
  /** What part of that difference is taken as the error. */
  readonly shrink: number;
  /** By how much the interval's credits, or their sum, may be off. */
  readonly worst: number;
}

/**
 * Assesses an interval. The error of Boole's rule is taken as the difference of the two Simpson rules; where that has shrunk faster than at a kink
 * since the interval was halved (`before` is the whole's), by the same factor less. `exact` is what the change of the score may be off by rounding, and null
 * where credits do not add up to it.
 */
export function span(points: readonly PathPoint[], before: number | null, exact: number | null): Span {
  const width = points[4]!.alpha - points[0]!.alpha;
  const difference = booleRule.fine.map((w, k) => (w - booleRule.coarse[k]!) * width);
  let rough = 0;
  let sum = 0;
  for (const [name, first] of points[0]!.credit) {
    const arrays = points.map((p) => p.credit.get(name)!);
    for (let e = 0; e < first.length; e++) {
      let [d, s] = [0, 0];
      for (let k = 0; k < 5; k++) {
        const v = arrays[k]![e]!;
        d += difference[k]! * v;
        s += booleRule.boole[k]! * v;
      }
      rough = Math.max(rough, Math.abs(d));
      sum += s * width;
    }
  }
  // A kink's difference halves with the width; a smooth integrand's goes down by 32.
  const shrink = before === null || before === 0 || !(rough <= before) ? 1 : Math.min(1, (2 * rough) / before);
  const off = exact === null ? 0 : Math.max(0, Math.abs(sum - (points[4]!.score - points[0]!.score)) - exact);
  return { points, kept: true, rough, shrink, worst: Math.max(rough * shrink, off) };
}

/** The span without its points' credits, which would have to be computed again. */
export function forget(s: Span): Span {
  return s.kept ? { ...s, kept: false, points: s.points.map((p) => ({ ...p, credit: new Map() })) } : s;
}

/** Sums over all intervals, by name and element. */
export interface Totals {
  readonly sum: ReadonlyMap<string, Float64Array>;
  /** Of the errors with their signs, and squared. */
  readonly signed: ReadonlyMap<string, Float64Array>;
  readonly squared: ReadonlyMap<string, Float64Array>;
}

/** Zeros of the shape of `like`. */
export function createTotals(like: ReadonlyMap<string, Float64Array>): Totals {
  const zeros = (): Map<string, Float64Array> => new Map([...like].map(([name, c]) => [name, new Float64Array(c.length)]));
  return { sum: zeros(), signed: zeros(), squared: zeros() };
}

/** Adds an interval (`sign` 1) or takes it away again (−1). */
export function addTo({ sum, signed, squared }: Totals, { points, shrink }: Span, sign: 1 | -1): void {
  const width = points[4]!.alpha - points[0]!.alpha;
  const boole = booleRule.boole.map((w) => w * width * sign);
  const difference = booleRule.fine.map((w, k) => (w - booleRule.coarse[k]!) * width * shrink);
  for (const [name, s] of sum) {
    const [d, q] = [signed.get(name)!, squared.get(name)!];
    const arrays = points.map((p) => p.credit.get(name)!);
    for (let e = 0; e < s.length; e++) {
      let [c, off] = [0, 0];
      for (let k = 0; k < 5; k++) {
        const v = arrays[k]![e]!;
        c += boole[k]! * v;
        off += difference[k]! * v;
      }
      s[e] = s[e]! + c;
      d[e] = d[e]! + sign * off;
      q[e] = Math.max(0, q[e]! + sign * off * off);
    }
  }
}

/** The error of each element: errors of one sign add up, the others as independent ones do. */
export function errorOf({ signed, squared }: Totals): Map<string, Float64Array> {
  return new Map([...signed].map(([name, d]) => [name, d.map((v, e) => Math.max(Math.abs(v), Math.sqrt(squared.get(name)![e]!)))]));
}

/** How many of the largest errors have to go so that the others, as independent ones, stay below `target`; errors come largest first. */
export function fewestAbove(errors: readonly number[], target: number): number {
  let rest = 0;
  let from = errors.length;
  for (; from > 0; from--) {
    rest += errors[from - 1]! ** 2;
    // NaN, which a singular point gives, counts as too much.
    if (!(rest <= target * target)) break;
  }
  return from;
}
