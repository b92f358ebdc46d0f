import { descending, max, sum } from "d3-array";

interface Credited {
  readonly credit: number;
}

/** |credit| for ordering; what is not a number ranks last. */
const size = (item: Credited): number => (Number.isNaN(item.credit) ? -1 : Math.abs(item.credit));

/** Largest |credit| first; equal ones keep their order. */
export function rank<T extends Credited>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => descending(size(a), size(b)));
}

/** The `count` largest by |credit|, in their original order. */
export function largest<T extends Credited>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const kept = new Set(rank(items).slice(0, count));
  return items.filter((item) => kept.has(item));
}

/** The largest finite |credit|; 0 when there is none. */
export function largestCredit(items: readonly Credited[]): number {
  return max(items, (item) => (Number.isFinite(item.credit) ? Math.abs(item.credit) : 0)) ?? 0;
}

/** Σ credit over finite credits. */
export function sumOf(items: readonly Credited[]): number {
  return sum(items, ({ credit }) => (Number.isFinite(credit) ? credit : 0));
}

/** Σ |credit| over finite credits. */
export function totalCredit(credits: readonly number[]): number {
  return sum(credits, (credit) => (Number.isFinite(credit) ? Math.abs(credit) : 0));
}
