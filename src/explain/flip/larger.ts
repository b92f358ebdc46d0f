import { levelsOf, withLevel, type Change } from "./part.js";
import type { Single } from "./singles.js";
import type { Trials } from "./trials.js";

/** Levels of a part at each step of the greedy search, and how many steps the runs that are left should do for. */
const greedyLevels = 5;
const plannedSteps = 12;

/** The parts that help most alone, together: the fewest of them, from the best on, that reach the goal. */
export async function tryTogether(trials: Trials, singles: readonly Single[]): Promise<void> {
  const first = (count: number): Change => new Map(singles.slice(0, count).map(({ part, level }) => [part, level]));
  const counts = Array.from({ length: Math.ceil(Math.log2(Math.max(2, singles.length))) + 1 }, (_, i) => Math.min(2 ** i, singles.length));
  const outcomes = await trials.of(counts.map(first));
  const at = outcomes.findIndex(({ reached }) => reached);
  let [low, high] = [counts[at - 1] ?? 0, counts[at] ?? 0];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const [outcome] = await trials.of([first(middle)]);
    if (outcome?.reached === true) high = middle;
    else low = middle;
  }
}

/**
 * Adds one part after the other, each time the one that brings the goal nearest with what is changed already. Ends when it is reached, when nothing helps, or when as many
 * parts are changed as the best change known has.
 */
export async function tryGreedy(trials: Trials, singles: readonly Single[]): Promise<void> {
  const { parts } = trials;
  const most = Math.max(2 * greedyLevels, Math.floor(trials.left / plannedSteps / greedyLevels));
  const candidates = singles.slice(0, most);
  let change: Change = new Map();
  let margin = -Infinity;
  while (trials.best === undefined || change.size + 1 < trials.best.size) {
    const next = candidates
      .filter(({ part }) => !change.has(part))
      .flatMap(({ part, level }) => [...new Set([level, ...levelsOf(parts[part] ?? single, greedyLevels, false)])].map((one) => withLevel(change, part, one)));
    const outcomes = await trials.of(next);
    const best = outcomes.reduce((top, outcome, i) => (outcome.margin > (outcomes[top]?.margin ?? -Infinity) ? i : top), 0);
    const [found, outcome] = [next[best], outcomes[best]];
    if (found === undefined || outcome === undefined || outcomes.some(({ reached }) => reached) || outcome.margin <= margin) return;
    change = found;
    margin = outcome.margin;
  }
}

const single = { below: 0, above: 0, ordered: false };
