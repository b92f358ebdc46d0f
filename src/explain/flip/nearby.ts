import { compareChanges, withLevel, type Change } from "./part.js";
import type { Trials } from "./trials.js";

/** All combinations of steps for so many ordered parts; for more, one or two of them at a time. */
const mostTogether = 4;

/**
 * Walks from a change that reached the goal to smaller ones that do, by steps that become smaller: a pattern search over the levels of its ordered parts.
 * @param share the first step, as a share of all levels of a part
 * Source: Hooke and Jeeves (1961), "Direct search" solution of numerical and statistical problems.
 */
export async function nearby(trials: Trials, start: Change, share: number): Promise<Change> {
  const { parts } = trials;
  let change = start;
  let step = share;
  for (;;) {
    const steps = [...change.keys()].flatMap((part) => {
      const { ordered = false, below = 0, above = 0 } = parts[part] ?? {};
      return ordered ? [{ part, by: Math.max(1, Math.round(step * (below + above))) }] : [];
    });
    if (steps.length === 0) return change;
    const around = neighbours(change, steps, trials).filter((other) => compareChanges(parts, other, change) < 0);
    const outcomes = await trials.of(around);
    const better = around.filter((_, i) => outcomes[i]?.reached === true).sort((a, b) => compareChanges(parts, a, b))[0];
    if (better !== undefined) change = better;
    else if (steps.every(({ by }) => by === 1)) return change;
    else step /= 2;
  }
}

function neighbours(change: Change, steps: readonly { readonly part: number; readonly by: number }[], { parts }: Trials): readonly Change[] {
  const moved = (from: Change, part: number, by: number): readonly Change[] => {
    const level = (from.get(part) ?? 0) + by;
    const { below = 0, above = 0 } = parts[part] ?? {};
    return level < -below || level > above ? [] : [withLevel(from, part, level)];
  };
  const each = (from: Change, { part, by }: { readonly part: number; readonly by: number }): readonly Change[] => [
    ...moved(from, part, -by),
    ...moved(from, part, by),
  ];
  if (steps.length <= mostTogether) return steps.reduce<readonly Change[]>((all, step) => all.flatMap((one) => [one, ...each(one, step)]), [change]);
  return steps.flatMap((step, i) => each(change, step).flatMap((one) => [one, ...steps.slice(i + 1).flatMap((other) => each(one, other))]));
}
