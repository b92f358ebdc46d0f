import type { Result } from "../protocol/explanation.js";
import type { InputView, RemovedText } from "../protocol/viewModel.js";

/** Parts of a text that are compared as wholes: words, single characters of scripts without spaces, whitespace, other signs. */
const parts = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]|[\p{L}\p{M}\p{N}_'’]+|\s+|[^]/gu;

/** Texts that differ in more parts than this are different texts rather than an edited one. */
const mostChanges = 2000;

type Place = readonly [before: number, after: number];

/**
 * What `before` has and `after` has not, in the order of the text: with each put back at its place, all of `before` is there again, beside what only `after` has.
 * Empty for texts that have little in common.
 */
export function removedText(before: string, after: string): readonly RemovedText[] {
  if (before === after) return [];
  const [from, to] = [before.match(parts) ?? [], after.match(parts) ?? []];
  const common = commonParts(from, to);
  if (common === null) return [];
  const removed: RemovedText[] = [];
  // Where the parts in hand begin, how many before them are in both texts, and how far the edited text is.
  let [start, same, at] = [0, 0, 0];
  let next = 0;
  for (const [x, y] of [...common, [from.length, to.length] as const]) {
    if (x > start) {
      const back = y > next ? 0 : stepsBack(from, start, x, same);
      removed.push({ text: from.slice(start - back, x - back).join(""), at: at - from.slice(start - back, start).join("").length });
    }
    same = x > start || y > next ? 1 : same + 1;
    at += to.slice(next, y + 1).join("").length;
    [start, next] = [x + 1, y + 1];
  }
  return removed;
}

/** The texts of an edited sample with what the original has besides. */
export function withRemoved(inputs: readonly InputView[], now: Result, original: Result | undefined): readonly InputView[] {
  return inputs.map((input) => {
    const [before, after] = [original?.attributions[input.name]?.text, now.attributions[input.name]?.text];
    if (input.kind !== "tokens" || before === undefined || after === undefined) return input;
    const removed = removedText(before, after);
    return removed.length === 0 ? input : { ...input, removed };
  });
}

/** What was removed between equal parts could as well stand some parts before: at the beginning of a sentence, else of a word, it reads best. */
function stepsBack(from: readonly string[], start: number, end: number, most: number): number {
  const beauty = (back: number): number => {
    const before = from.slice(0, start - back).findLast((part) => part.trim() !== "");
    if (/\s/u.test(from[start - back] ?? "")) return 0;
    return before === undefined || /[.!?…。！？؟۔।\n]/u.test(before) ? 2 : 1;
  };
  let best = 0;
  for (let back = 1; back <= most && from[start - back] === from[end - back]; back++) if (beauty(back) > beauty(best)) best = back;
  return best;
}

/** The places of the longest common subsequence (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986); null beyond `mostChanges`. */
function commonParts(from: readonly string[], to: readonly string[]): readonly Place[] | null {
  // By number of changes: how far in `from` one gets, by diagonal (its place in `from` minus that in `to`).
  const trace: Int32Array[] = [];
  const reached = (changes: number, diagonal: number): number => trace[changes]?.[diagonal + changes] ?? 0;
  const adds = (changes: number, diagonal: number): boolean =>
    diagonal === -changes || (diagonal !== changes && reached(changes - 1, diagonal - 1) < reached(changes - 1, diagonal + 1));
  const begin = (changes: number, diagonal: number): number =>
    changes === 0 ? 0 : adds(changes, diagonal) ? reached(changes - 1, diagonal + 1) : reached(changes - 1, diagonal - 1) + 1;
  for (let changes = 0; changes <= mostChanges; changes++) {
    const furthest = new Int32Array(2 * changes + 1);
    trace.push(furthest);
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = begin(changes, diagonal);
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x++;
      furthest[diagonal + changes] = x;
      if (x >= from.length && x - diagonal >= to.length) return wayBack();
    }
  }
  return null;

  function wayBack(): readonly Place[] {
    const places: Place[] = [];
    let diagonal = from.length - to.length;
    for (let changes = trace.length - 1; changes >= 0; changes--) {
      for (let x = reached(changes, diagonal) - 1; x >= begin(changes, diagonal); x--) places.push([x, x - diagonal]);
      diagonal += adds(changes, diagonal) ? 1 : -1;
    }
    return places.reverse();
  }
}
