import { bisectAll } from "./bisect.js";
import { compareChanges, withLevel, type Change } from "./part.js";
import type { Trials } from "./trials.js";

/** Levels of the first number of a pair that are looked at each time, over a range that becomes narrower. */
const looked = 24;
/** In changes of more numbers than this no two are traded: there would be too many pairs. */
const mostNumbers = 4;

/** Lets every two numbers of a change that reached the goal trade with each other, more of one for less of the other; the smallest change that this leads to. */
export async function tradeAll(trials: Trials, start: Change): Promise<Change> {
  const numbers = [...start.keys()].filter((part) => trials.parts[part]?.ordered === true);
  if (numbers.length > mostNumbers) return start;
  let change = start;
  for (const [i, a] of numbers.entries()) for (const b of numbers.slice(i + 1)) change = await trade(trials, change, a, b);
  return change;
}

/**
 * Follows the line along which a change just reaches the goal, in two of its numbers: for levels of `a` over all of its range, the level of `b` nearest to the sample, and
 * again more closely around the best.
 */
export async function trade(trials: Trials, start: Change, a: number, b: number): Promise<Change> {
  const { parts } = trials;
  const { below = 0, above = 0 } = parts[a] ?? {};
  const level = start.get(b) ?? 0;
  const farthest = level < 0 ? -(parts[b]?.below ?? 0) : (parts[b]?.above ?? 0);
  let best = start;
  for (let [from, to] = [-below, above]; ;) {
    const levels = [...new Set(Array.from({ length: looked }, (_, i) => Math.round(from + ((to - from) * i) / (looked - 1))))];
    const without = levels.map((one) => withLevel(withLevel(start, a, one), b, 0));
    const outcomes = await trials.of([...without, ...without.map((change) => withLevel(change, b, farthest))]);
    const brackets = without.flatMap((change, i) =>
      outcomes[i]?.reached === false && outcomes[without.length + i]?.reached === true ? [{ change, part: b, missed: 0, reached: farthest }] : [],
    );
    const nearest = await bisectAll(trials, brackets);
    const found = [
      ...without.filter((change, i) => change.size > 0 && outcomes[i]?.reached === true),
      ...brackets.map(({ change }, i) => withLevel(change, b, nearest[i] ?? farthest)),
    ];
    const [top] = found.sort((one, other) => compareChanges(parts, one, other));
    if (top !== undefined && compareChanges(parts, top, best) < 0) best = top;
    const step = (to - from) / (looked - 1);
    if (step <= 1) return best;
    const middle = best.get(a) ?? 0;
    [from, to] = [Math.max(-below, Math.floor(middle - step)), Math.min(above, Math.ceil(middle + step))];
  }
}
