/**
 * One thing that can be changed about a sample, in levels. Level 0 is the sample as it is. An ordered part (a number) has levels from −below to above, and those nearer to 0
 * are smaller changes; the levels 1 … above of another one (a category, a word that is there or not) have no order.
 */
export interface Part {
  readonly below: number;
  readonly above: number;
  readonly ordered: boolean;
  /** How large the change to a level is; the sum over all parts is what is kept small. */
  size(level: number): number;
}

/** Which parts are changed, and to which level; never to 0. */
export type Change = ReadonlyMap<number, number>;

/** What the model says of a change. `margin` grows towards the goal; it is at 0 about where `reached` becomes true. */
export interface Outcome {
  readonly margin: number;
  readonly reached: boolean;
}

/** The change with a part at another level. */
export function withLevel(change: Change, part: number, level: number): Change {
  const next = new Map(change);
  if (level === 0) next.delete(part);
  else next.set(part, level);
  return next;
}

export function sizeOfChange(parts: readonly Part[], change: Change): number {
  let size = 0;
  for (const [part, level] of change) size += parts[part]?.size(level) ?? 0;
  return size;
}

/** Fewer parts first, then the smaller size. Negative when `a` is to be preferred. */
export function compareChanges(parts: readonly Part[], a: Change, b: Change): number {
  return a.size - b.size || sizeOfChange(parts, a) - sizeOfChange(parts, b);
}

/**
 * At most about `count` levels of a part, in ascending order and without 0: all of an unordered one; of an ordered one evenly spaced over all it has, its ends included.
 * `near`: also 1, 2, 4, … on both sides, because small changes are what is looked for.
 */
export function levelsOf({ below, above, ordered }: Pick<Part, "below" | "above" | "ordered">, count: number, near: boolean): readonly number[] {
  const all = below + above;
  if (!ordered || all <= count) return Array.from({ length: all + 1 }, (_, i) => i - below).filter((level) => level !== 0);
  const levels = new Set(Array.from({ length: count }, (_, i) => Math.round((i * all) / (count - 1)) - below));
  if (near)
    for (let level = 1; level <= Math.max(below, above); level *= 2) {
      if (level <= below) levels.add(-level);
      if (level <= above) levels.add(level);
    }
  levels.delete(0);
  return [...levels].sort((a, b) => a - b);
}
