import type { Spread } from "../../protocol/flip.js";

/**
 * How far a feature's values lie apart: their median absolute deviation from the median, which few large values don't move; where more than half of the values are the
 * same, that is 0, and the standard deviation stands in. Undefined for a feature that never differs.
 * Source: Wachter, Mittelstadt and Russell (2017), https://arxiv.org/abs/1711.00399, equation 4.
 */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const middle = medianOf(values);
  const deviation = medianOf(values.map((x) => Math.abs(x - middle)));
  if (deviation > 0) return { value: deviation, measure: "medianAbsoluteDeviation" };
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return variance > 0 ? { value: Math.sqrt(variance), measure: "standardDeviation" } : undefined;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
