import type { FlipPart } from "./flipPart.js";

/** The elements of one category that is written as zeros and a one: from the first position up to, not with, the last. */
export interface OneHot {
  readonly from: number;
  readonly to: number;
}

/** Rows that say alone, without names that begin alike, that columns are one category. */
const enoughRows = 50;

/**
 * Neighbouring columns of zeros and ones of which exactly one is 1 in every row, the sample's included: together a category. Where the data has few rows, their names have
 * to begin alike too ("job=clerk", "job=cook").
 * @param rows the data's rows, each with all elements of the input; the sample among them
 */
export function oneHotGroups(rows: readonly ArrayLike<number>[], labels: readonly string[] | undefined): readonly OneHot[] {
  const width = rows[0]?.length ?? 0;
  const found: OneHot[] = [];
  for (let from = 0; from < width - 1; from++) {
    const sums = new Uint32Array(rows.length);
    for (let at = from; at < width; at++) {
      const fits = rows.every((row, r) => {
        const x = row[at];
        sums[r] = (sums[r] ?? 0) + (x ?? 0);
        return (x === 0 || x === 1) && (sums[r] ?? 0) <= 1;
      });
      if (!fits) break;
      if (sums.every((sum) => sum === 1)) {
        const group = { from, to: at + 1 };
        if (at > from && (rows.length >= enoughRows || commonStart(labels?.slice(from, at + 1)) !== "")) {
          found.push(group);
          from = at;
        }
        break;
      }
    }
  }
  return found;
}

/** What all names begin with, up to the last mark that is no letter or digit; "" where they have nothing in common. */
function commonStart(names: readonly string[] = []): string {
  const [first = "", ...others] = names;
  let length = first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length--;
  return /^.*[^\p{L}\p{N}]/u.exec(first.slice(0, length))?.[0] ?? "";
}

/** The category as one thing to change: another of its elements becomes the one. `present`: elements that are 1 in some row of the data. */
export function oneHotPart(
  input: string,
  { from, to }: OneHot,
  sample: ArrayLike<number>,
  labels: readonly string[] | undefined,
  present: (position: number) => boolean,
): FlipPart | undefined {
  const positions = Array.from({ length: to - from }, (_, i) => from + i);
  const now = positions.find((position) => sample[position] === 1) ?? from;
  const others = positions.filter((position) => position !== now && present(position));
  if (others.length === 0) return undefined;
  const start = commonStart(labels?.slice(from, to));
  const name = (position: number): string => (labels?.[position] ?? `${input}[${position}]`).slice(start.length);
  const label = start.replace(/[^\p{L}\p{N}]+$/u, "");
  return {
    input,
    below: 0,
    above: others.length,
    ordered: false,
    size: (level) => (level === 0 ? 0 : 1),
    write: (level) => ({ kind: "elements", positions: [now, others[level - 1] ?? now], values: [0, 1] }),
    describe: (level) => ({
      kind: "category",
      input,
      positions: [now, others[level - 1] ?? now],
      label: label === "" ? positions.map(name).join(", ") : label,
      from: name(now),
      to: name(others[level - 1] ?? now),
      size: 1,
    }),
  };
}
