import { withLevel, type Change } from "./part.js";
import type { Trials } from "./trials.js";

/** A level of a part at which the goal is reached, and one nearer to the sample at which it is not, the other parts being as in `change`. */
export interface Bracket {
  readonly change: Change;
  readonly part: number;
  readonly missed: number;
  readonly reached: number;
}

/** Halves all brackets, together, until no level lies between their ends; the levels that reach the goal, in order. */
export async function bisectAll(trials: Trials, brackets: readonly Bracket[]): Promise<readonly number[]> {
  let now = brackets;
  for (;;) {
    const open = now.flatMap((bracket, at) => (Math.abs(bracket.reached - bracket.missed) > 1 ? [{ bracket, at }] : []));
    if (open.length === 0) return now.map(({ reached }) => reached);
    const middles = open.map(({ bracket: { missed, reached } }) => Math.trunc((missed + reached) / 2));
    const outcomes = await trials.of(open.map(({ bracket: { change, part } }, i) => withLevel(change, part, middles[i] ?? 0)));
    const next = [...now];
    open.forEach(({ bracket, at }, i) => {
      const middle = middles[i] ?? 0;
      next[at] = outcomes[i]?.reached === true ? { ...bracket, reached: middle } : { ...bracket, missed: middle };
    });
    now = next;
  }
}

/** The first bracket on each side of 0 among levels that were tried in ascending order: between the nearest level that reached the goal and the one before it. */
export function bracketsOf(change: Change, part: number, levels: readonly number[], reached: (level: number) => boolean): readonly Bracket[] {
  return [levels.filter((level) => level > 0), levels.filter((level) => level < 0).reverse()].flatMap((side) => {
    const first = side.findIndex(reached);
    const level = side[first];
    return level === undefined ? [] : [{ change, part, missed: side[first - 1] ?? 0, reached: level }];
  });
}
