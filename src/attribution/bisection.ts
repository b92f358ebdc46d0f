import { largest, total, type Integral } from "./integral.js";
import type { PathSearch } from "./pathSearch.js";
import { addTo, createTotals, errorOf, fewestAbove, forget, span, type PathPoint, type Span, type Totals } from "./span.js";

/** Below this width, relative to where it lies, an interval's nodes coincide in float32. */
const narrowest = 2 ** -19;
const firstSpans = 16;
const mostSplits = 512;
/** Credits kept for reuse take at most this, and those of one round half of it. */
const keptBytes = 2 ** 29;
/** How often the target is tightened while the sum of small errors is still too large. */
const mostTightenings = 4;

export interface BisectionLimits {
  readonly tolerance: number;
  /** What a score may be off by rounding. */
  readonly noise: number;
  /** Points after which it gives up. */
  readonly budget: number;
  /** Whether credits add up to the change of the score. */
  readonly complete: boolean;
  /** How many bisections share the memory. */
  readonly share: number;
}

/**
 * Adaptive bisection of [0, 1] for one item by Boole's rule: for integrands with kinks or narrow peaks, where nested levels stop converging.
 * Halving reuses three of five points, so that a kink costs four points for every bit of its place; each round halves as many intervals as are needed to
 * bring the root of the summed squares of what is left below the tolerance. Where credits add up to the change of the score, every interval's own sum is held
 * against the change from its start to its end, which is known exactly.
 * Gives up at the budget or when all that is left is narrower than float32 resolves; then `converged` says so.
 */
export function* bisection(before: Integral, limits: BisectionLimits): PathSearch {
  const { tolerance, noise, budget, complete, share } = limits;
  const exact = complete ? noise / 8 : null;
  const grid = withEnds(yield { alphas: Array.from({ length: 4 * firstSpans + 1 }, (_, k) => k / (4 * firstSpans)), known: null }, before);
  let points = before.points + grid.length;
  let open = Array.from({ length: firstSpans }, (_, i) => span(grid.slice(4 * i, 4 * i + 5), null, exact));
  const totals = createTotals(before.credit);
  // Where most of the path has no numbers, or the score none at an end, no point that is added can help.
  const lost = open.filter(({ worst }) => Number.isNaN(worst)).length;
  const hopeless = 2 * lost > open.length || !Number.isFinite(before.score - before.baselineScore);
  for (const s of open) addTo(totals, s, 1);
  const bytes = 4 * sizeOf(totals) * share;
  const mostKept = keptBytes / (4 * bytes);
  const mostAtOnce = Math.max(firstSpans, Math.min(mostSplits, Math.floor(keptBytes / (36 * bytes))));
  let tightened = 0;
  for (;;) {
    const integral = summarize(totals, before, points);
    const allowed = tolerance * largest(integral.credit.values()) + noise;
    const delta = total(integral.credit.values()) - (before.score - before.baselineScore);
    if (largest(integral.error?.values() ?? []) <= allowed && (!complete || Math.abs(delta) <= allowed)) return { ...integral, converged: true };
    if (points > budget || hopeless) return integral;
    open = open.sort((p, q) => urgency(q) - urgency(p)).map((s, i) => (i < mostKept ? s : forget(s)));
    const most = fewestAbove(
      open.map(({ worst }) => worst),
      allowed / 2 ** (1 + tightened),
    );
    const split = open.slice(0, most).filter(splits).slice(0, mostAtOnce);
    if (split.length === 0) {
      if (tightened === mostTightenings) return integral;
      tightened += 1;
      continue;
    }
    const alphas = split.map(between);
    const added = yield { alphas: alphas.flat(), known: integral };
    points += added.length;
    const gone = new Set(split);
    open = open.filter((s) => !gone.has(s));
    let at = 0;
    split.forEach((s, i) => {
      const nine = nineOf(s, added.slice(at, (at += alphas[i]!.length)));
      addTo(totals, { ...s, points: nine.filter((_, k) => k % 2 === 0) }, -1);
      const halves = [span(nine.slice(0, 5), s.rough, exact), span(nine.slice(4), s.rough, exact)];
      for (const half of halves) addTo(totals, half, 1);
      open.push(...halves);
    });
  }
}

/** The scores at the ends are those of the sample and the baseline themselves. */
function withEnds(grid: readonly PathPoint[], { score, baselineScore }: Integral): readonly PathPoint[] {
  return grid.map((p) => (p.alpha === 0 ? { ...p, score: baselineScore } : p.alpha === 1 ? { ...p, score } : p));
}

function sizeOf({ sum }: Totals): number {
  let size = 1;
  for (const c of sum.values()) size += c.length;
  return size;
}

/** What has no numbers comes first. */
function urgency({ worst }: Span): number {
  return Number.isNaN(worst) ? Number.MAX_VALUE : worst;
}

function splits({ points }: Span): boolean {
  const [from, to] = [points[0]!.alpha, points[4]!.alpha];
  return to - from > narrowest * Math.max(from, narrowest);
}

/** Where a span's halves need points: between its own ones, or at all nine where those were forgotten. */
function between({ points, kept }: Span): number[] {
  const alphas = points.map((p) => p.alpha);
  const middles = alphas.slice(1).map((a, k) => (a + alphas[k]!) / 2);
  return kept ? middles : [...alphas, ...middles].sort((p, q) => p - q);
}

/** The nine points of a span's halves; scores at its own ones stay what they were. */
function nineOf({ points, kept }: Span, added: readonly PathPoint[]): readonly PathPoint[] {
  if (kept) return [...points, ...added].sort((p, q) => p.alpha - q.alpha);
  return added.map((p, k) => (k % 2 === 0 ? { ...p, score: points[k / 2]!.score } : p));
}

function summarize(totals: Totals, before: Integral, points: number): Integral {
  const credit = new Map([...totals.sum].map(([name, c]) => [name, c.slice()]));
  return { credit, error: errorOf(totals), score: before.score, baselineScore: before.baselineScore, points, converged: false };
}
