import { bisectAll, bracketsOf } from "./bisect.js";
import { compareChanges, levelsOf, sizeOfChange, withLevel, type Change } from "./part.js";
import { tradeAll } from "./trade.js";
import type { Trials } from "./trials.js";

/** Levels between the sample's and a change's that are tried when the change is made smaller. */
const looked = 16;

/**
 * Makes a change that reached the goal smaller until nothing helps any more: parts are left out, numbers moved back towards the sample's one by one, then several
 * together. What comes out is minimal: without any of its parts, or with any number nearer to the sample's (of those tried), the goal is missed.
 */
export async function tighten(trials: Trials, start: Change): Promise<Change> {
  let change = start;
  for (;;) {
    const before = change;
    change = await shortened(trials, await withoutNeedless(trials, change));
    if (change.size > 1) change = await tradeAll(trials, change);
    if (compareChanges(trials.parts, change, before) >= 0) return before;
  }
}

/** Leaves parts out as long as the goal stays reached, each time the one whose absence makes the change smallest. */
async function withoutNeedless(trials: Trials, start: Change): Promise<Change> {
  let change = start;
  while (change.size > 1) {
    const fewer = [...change.keys()].map((part) => withLevel(change, part, 0));
    const outcomes = await trials.of(fewer);
    const [best] = fewer.filter((_, i) => outcomes[i]?.reached === true).sort((a, b) => sizeOfChange(trials.parts, a) - sizeOfChange(trials.parts, b));
    if (best === undefined) return change;
    change = best;
  }
  return change;
}

/** Moves each number as far back as the goal allows, the largest change first. */
async function shortened(trials: Trials, start: Change): Promise<Change> {
  const { parts } = trials;
  const size = (part: number): number => parts[part]?.size(start.get(part) ?? 0) ?? 0;
  let change = start;
  for (const part of [...start.keys()].sort((a, b) => size(b) - size(a))) {
    const level = change.get(part) ?? 0;
    if (parts[part]?.ordered !== true) continue;
    const between = levelsOf({ below: level < 0 ? -level : 0, above: level > 0 ? level : 0, ordered: true }, looked, true);
    const outcomes = await trials.of(between.map((one) => withLevel(change, part, one)));
    const brackets = bracketsOf(change, part, between, (one) => outcomes[between.indexOf(one)]?.reached === true);
    const [nearest = level] = await bisectAll(trials, brackets);
    change = withLevel(change, part, nearest);
  }
  return change;
}
