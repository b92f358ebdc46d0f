import { compareChanges, levelsOf, type Change } from "./part.js";
import type { Single } from "./singles.js";
import { trade } from "./trade.js";
import type { Trials } from "./trials.js";

/** Levels of each part of a pair: as many as the runs allow. */
const grids = [12, 8, 6];
const coarsest = 4;
/** Pairs of levels that are tried. */
const mostPairs = 5000;
/** Pairs of parts that are looked at more closely. */
const closer = 5;

/** Tries parts two at a time on a coarse grid, and looks more closely around the smallest changes that reached the goal. Whether all pairs were tried. */
export async function tryPairs(trials: Trials, singles: readonly Single[]): Promise<boolean> {
  const { parts } = trials;
  const most = Math.min(mostPairs, trials.left / 2);
  const gridOf = (part: number, count: number): readonly number[] => {
    const own = parts[part];
    return own === undefined ? [] : levelsOf(own, count, false).slice(0, own.ordered ? undefined : count);
  };
  const costOf = (chosen: readonly Single[], count: number): number => {
    const sizes = chosen.map(({ part }) => gridOf(part, count).length);
    const sum = sizes.reduce((a, b) => a + b, 0);
    return (sum * sum - sizes.reduce((a, b) => a + b * b, 0)) / 2;
  };
  const count = grids.find((one) => costOf(singles, one) <= most) ?? coarsest;
  let chosen = singles;
  while (chosen.length > 2 && costOf(chosen, count) > most) chosen = chosen.slice(0, Math.floor(0.8 * chosen.length));
  const tried: Change[] = [];
  chosen.forEach(({ part: a }, i) => {
    for (const { part: b } of chosen.slice(i + 1))
      for (const la of gridOf(a, count))
        for (const lb of gridOf(b, count))
          tried.push(
            new Map([
              [a, la],
              [b, lb],
            ]),
          );
  });
  const outcomes = await trials.of(tried);
  const reached = tried.filter((_, i) => outcomes[i]?.reached === true).sort((a, b) => compareChanges(parts, a, b));
  const smallest = new Map<string, Change>();
  for (const change of reached) if (!smallest.has([...change.keys()].join())) smallest.set([...change.keys()].join(), change);
  for (const change of [...smallest.values()].slice(0, closer)) {
    const [a, b] = [...change.keys()];
    if (a !== undefined && b !== undefined && parts[a]?.ordered === true && parts[b]?.ordered === true) await trade(trials, change, a, b);
  }
  return chosen.length === parts.length && parts.every((part) => part.ordered || part.above <= count);
}
