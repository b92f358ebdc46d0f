import type { FeatureGroup } from "../../protocol/explanation.js";
import type { FlipPart } from "./flipPart.js";

/** The elements of one category that is written as zeros and a one; `name` is "" where nobody says what it is called. */
export interface OneHot {
  readonly name: string;
  readonly positions: readonly number[];
}

/** Rows that say alone, without names that begin alike, that columns are one category. */
const enoughRows = 50;

/**
 * Columns of zeros and ones of which exactly one is 1 in every row, the sample's included: together a category. Those that the sidecar groups, and neighbours; where the
 * data has few rows, the neighbours' names have to begin alike too ("job=clerk", "job=cook").
 * @param rows the data's rows, each with all elements of the input; the sample among them
 */
export function oneHotGroups(
  rows: readonly ArrayLike<number>[],
  labels: readonly string[] | undefined,
  grouped: readonly FeatureGroup[] = [],
): readonly OneHot[] {
  const said = grouped.flatMap(({ name, members }) => (members.length > 1 && isOneHot(rows, members) ? [{ name, positions: members }] : []));
  const taken = new Set(said.flatMap(({ positions }) => positions));
  const found: OneHot[] = [...said];
  const width = rows[0]?.length ?? 0;
  for (let from = 0; from < width; from++) {
    const positions = neighbours(rows, from, taken);
    const start = commonStart(positions.map((position) => labels?.[position] ?? ""));
    if (positions.length < 2 || (rows.length < enoughRows && start === "")) continue;
    found.push({ name: start.replace(/[^\p{L}\p{N}]+$/u, ""), positions });
    from += positions.length - 1;
  }
  return found;
}

/** The columns from one on that add up to 1 in every row and that nobody else has; none where they never do. */
function neighbours(rows: readonly ArrayLike<number>[], from: number, taken: ReadonlySet<number>): readonly number[] {
  const sums = new Uint32Array(rows.length);
  const width = rows[0]?.length ?? 0;
  for (let at = from; at < width && !taken.has(at); at++) {
    const fits = rows.every((row, r) => {
      const x = row[at] ?? NaN;
      if (x !== 0 && x !== 1) return false;
      sums[r] = (sums[r] ?? 0) + x;
      return (sums[r] ?? 0) <= 1;
    });
    if (!fits) return [];
    if (sums.every((sum) => sum === 1)) return Array.from({ length: at - from + 1 }, (_, i) => from + i);
  }
  return [];
}

function isOneHot(rows: readonly ArrayLike<number>[], members: readonly number[]): boolean {
  return rows.every((row) => members.every((at) => row[at] === 0 || row[at] === 1) && members.filter((at) => row[at] === 1).length === 1);
}

/** What all names begin with, up to the last mark that is no letter or digit; "" where they have nothing in common. */
function commonStart(names: readonly string[]): string {
  const [first = "", ...others] = names;
  let length = first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length--;
  return /^.*[^\p{L}\p{N}]/u.exec(first.slice(0, length))?.[0] ?? "";
}

/** The category as one thing to change: another of its elements becomes the one. `present`: elements that are 1 in some row of the data. */
export function oneHotPart(
  input: string,
  { name, positions }: OneHot,
  sample: ArrayLike<number>,
  labels: readonly string[] | undefined,
  present: (position: number) => boolean,
): FlipPart | undefined {
  const now = positions.find((position) => sample[position] === 1) ?? -1;
  const others = positions.filter((position) => position !== now && present(position));
  if (now < 0 || others.length === 0) return undefined;
  const names = positions.map((position) => labels?.[position] ?? `${input}[${position}]`);
  const start = commonStart(names).length;
  const called = (position: number): string => names[positions.indexOf(position)]?.slice(start) ?? "";
  const at = (level: number): number => others[level - 1] ?? now;
  return {
    input,
    below: 0,
    above: others.length,
    ordered: false,
    size: (level) => (level === 0 ? 0 : 1),
    write: (level) => ({ kind: "elements", positions: [now, at(level)], values: [0, 1] }),
    describe: (level) => ({
      kind: "category",
      input,
      positions: [now, at(level)],
      label: name === "" ? names.join(", ") : name,
      from: called(now),
      to: called(at(level)),
      size: 1,
    }),
  };
}
