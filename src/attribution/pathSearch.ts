import { evaluate, type Steps } from "./evaluate.js";
import type { Integral, Integrand } from "./integral.js";
import type { PathPoint } from "./span.js";

/** Points that a search wants to know, by their α, and what it would answer so far. */
export interface Asked {
  readonly alphas: readonly number[];
  readonly known: Integral | null;
}

/** Integrates along the path of one item: asks for points and gets them in that order. */
export type PathSearch = Generator<Asked, Integral, readonly PathPoint[]>;

/**
 * Runs the searches of several items at once, so that a round of all of them is one or few runs. `integrals` has what is known of every item; the entries of the searched items
 * are replaced. `place` moves an α before it is evaluated.
 */
export function* searchPaths(
  integrand: Integrand,
  integrals: (Integral | null)[],
  items: readonly number[],
  open: (item: number) => PathSearch,
  place: (alpha: number) => number = (alpha) => alpha,
): Steps<void> {
  const searches = items.map((item) => {
    const search = open(item);
    return { item, search, next: search.next([]) };
  });
  for (;;) {
    const active = searches.flatMap(({ item, search, next }) => {
      integrals[item] = (next.done === true ? next.value : next.value.known) ?? integrals[item] ?? null;
      return next.done === true ? [] : [{ item, search, alphas: next.value.alphas }];
    });
    const share = active.length / Math.max(1, items.length);
    yield { kind: "progress", fraction: Math.min(0.99, 1 - share / 2), ...partialOf(integrand, integrals) };
    if (active.length === 0) return;
    const points = yield* measure(
      integrand,
      active.flatMap(({ item, alphas }) => alphas.map((alpha) => ({ item, alpha, at: place(alpha) }))),
    );
    let from = 0;
    searches.length = 0;
    for (const { item, search, alphas } of active) searches.push({ item, search, next: search.next(points.slice(from, (from += alphas.length))) });
  }
}

function partialOf({ partial }: Integrand, integrals: readonly (Integral | null)[]): { readonly partial?: ReturnType<NonNullable<Integrand["partial"]>> } {
  const known = integrals.filter((i) => i !== null);
  return partial === undefined || known.length < integrals.length ? {} : { partial: partial(known) };
}

/** Evaluates points of the paths of items; each is an item of its own, so that many go into one run. */
function* measure(integrand: Integrand, wanted: readonly { readonly item: number; readonly alpha: number; readonly at: number }[]): Steps<PathPoint[]> {
  const { rows, items, program, capacity, unitLayer } = integrand;
  const sums = yield* evaluate(
    rows,
    program,
    wanted.map(({ item }) => items[item]!),
    { alphas: [wanted.map(({ at }) => at)], weights: [[1]] },
    capacity,
    unitLayer,
  );
  return wanted.map(({ alpha }, i) => ({
    alpha,
    score: sums.score[0]![i]!,
    credit: new Map([...sums.credit].map(([name, [each]]) => [name, Float32Array.from(each![i]!)])),
  }));
}
