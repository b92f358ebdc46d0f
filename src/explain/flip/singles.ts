import { bisectAll, bracketsOf } from "./bisect.js";
import { levelsOf, type Change } from "./part.js";
import type { Trials } from "./trials.js";

/** What a part can do alone: the level that brought the goal nearest, and the margin there. */
export interface Single {
  readonly part: number;
  readonly level: number;
  readonly margin: number;
}

/** Levels of a part that are tried alone: as many as leave half of the runs for all that follows. */
const mostLevels = 200;
const leastLevels = 4;

const nothing: Change = new Map();

/** Tries every part alone, on a grid of its levels, and narrows down where the goal is reached. The parts, the one that brings it nearest first. */
export async function trySingles(trials: Trials): Promise<readonly Single[]> {
  const { parts } = trials;
  const count = Math.max(leastLevels, Math.min(mostLevels, Math.floor(trials.left / 2 / Math.max(1, parts.length))));
  const levels = parts.map((part) => levelsOf(part, count, true));
  const outcomes = await trials.of(levels.flatMap((list, part) => list.map((level): Change => new Map([[part, level]]))));
  let at = 0;
  const own = levels.map((list) => outcomes.slice(at, (at += list.length)));
  const brackets = parts.flatMap((part, i) =>
    part.ordered ? bracketsOf(nothing, i, levels[i] ?? [], (level) => own[i]?.[levels[i]?.indexOf(level) ?? 0]?.reached === true) : [],
  );
  await bisectAll(trials, brackets);
  const best = own.flatMap((list, part): Single[] => {
    const margin = list.reduce((most, outcome) => Math.max(most, outcome.margin), -Infinity);
    const level = levels[part]?.[list.findIndex((outcome) => outcome.margin === margin)];
    return level === undefined ? [] : [{ part, level, margin }];
  });
  return best.sort((a, b) => b.margin - a.margin);
}
