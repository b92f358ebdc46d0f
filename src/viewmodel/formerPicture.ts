import type { PixelView } from "../protocol/viewModel.js";

/** Three digits of the largest: what is only looked at beside another picture need not be sent in full. */
const digits = 3;

function shortened(list: readonly number[]): readonly number[] {
  const largest = list.reduce((most, x) => (Math.abs(x) > most ? Math.abs(x) : most), 0);
  if (largest === 0 || !Number.isFinite(largest)) return list;
  const steps = 10 ** (digits - 1 - Math.floor(Math.log10(largest)));
  return list.map((x) => Math.round(x * steps) / steps);
}

/** A picture before it was edited, shortened; null where an edit did not change it. */
export function formerPicture(now: PixelView, before: PixelView | null): PixelView | null {
  if (before === null || (now.values.every((value, i) => value === before.values[i]) && now.values.length === before.values.length)) return null;
  return { ...before, values: shortened(before.values), credits: shortened(before.credits) };
}
