import { bisection } from "./bisection.js";
import { pointBudget } from "./cost.js";
import { evaluate, type Steps } from "./evaluate.js";
import { noiseFloor, type Integral, type Integrand } from "./integral.js";
import type { PathPoint } from "./span.js";

/** The ends themselves may be singular (√ at zero, a norm without variance): their derivative is taken a hair inside. */
const nearStart = 2 ** -30;
const nearEnd = 1 - 2 ** -24;

/** Bisects the path of every item whose nested levels did not converge (`before`, by index); all ask for their points together, so that a round is one or few runs. */
export function* bisect(integrand: Integrand, indices: readonly number[], before: readonly Integral[], tolerance: number): Steps<Integral[]> {
  const limits = { tolerance, budget: pointBudget(integrand.rows.bound), complete: integrand.complete, share: indices.length };
  const done: Integral[] = [];
  const asking = indices.map((i, place) => {
    const known = before[i]!;
    const noise = noiseFloor * Math.max(Math.abs(known.score), Math.abs(known.baselineScore));
    const search = bisection(known, { ...limits, noise });
    return { item: i, place, search, next: search.next([]) };
  });
  for (;;) {
    const active = asking.filter(({ next }) => next.done !== true);
    for (const { place, next } of asking) if (next.done === true) done[place] = next.value;
    if (active.length === 0) return done;
    const wanted = active.map(({ next }) => (next.done === true ? [] : next.value));
    const points = yield* measure(
      integrand,
      active.flatMap(({ item }, i) => wanted[i]!.map((alpha) => ({ item, alpha }))),
    );
    let at = 0;
    active.forEach((a, i) => {
      a.next = a.search.next(points.slice(at, (at += wanted[i]!.length)));
    });
    yield { kind: "progress", fraction: Math.min(0.99, 1 - active.length / (2 * indices.length)) };
  }
}

/** Evaluates points of the paths of items; each is an item of its own, so that many go into one run. */
function* measure(integrand: Integrand, wanted: readonly { readonly item: number; readonly alpha: number }[]): Steps<PathPoint[]> {
  const { rows, items, program, capacity, unitLayer } = integrand;
  const inside = wanted.map(({ alpha }) => Math.min(Math.max(alpha, nearStart), nearEnd));
  const sums = yield* evaluate(
    rows,
    program,
    wanted.map(({ item }) => items[item]!),
    { alphas: [inside], weights: [[1]] },
    capacity,
    unitLayer,
  );
  return wanted.map(({ alpha }, i) => ({
    alpha,
    score: sums.score[0]![i]!,
    credit: new Map([...sums.credit].map(([name, [each]]) => [name, Float32Array.from(each![i]!)])),
  }));
}
