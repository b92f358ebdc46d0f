import { present } from "../base/assert.js";
import type { Diagnostic } from "../base/diagnostic.js";
import type { NumberTensor } from "../protocol/explanation.js";
import type { AttributionResult } from "./plan.js";
import { mapTensors } from "./variants.js";

/** Half-width of a 95 % interval in standard errors of the mean. */
export const interval95 = 1.96;

/** Running sums over results of one shape: their mean, mean square and variance without keeping any of them. */
export class Moments {
  count = 0;
  private readonly sums = new Map<string, { readonly dims: readonly number[]; readonly mean: Float64Array; readonly square: Float64Array }>();
  private readonly errors = new Map<string, Float64Array>();
  private withErrors = true;
  private delta: readonly number[] | null = null;
  private score: readonly number[] | null = null;
  private baselineScore: readonly number[] | null = null;
  private points = 0;
  private converged = true;
  private remarks: readonly Diagnostic[] | undefined;

  /** Adds a result. Its squared deviations are updated by Welford's method, which does not cancel. */
  add(result: AttributionResult): void {
    this.count++;
    for (const [name, { dims, data }] of Object.entries(result.attributions)) {
      const sum = this.sums.get(name) ?? { dims, mean: new Float64Array(data.length), square: new Float64Array(data.length) };
      this.sums.set(name, sum);
      data.forEach((x, e) => {
        const before = x - sum.mean[e]!;
        sum.mean[e] = sum.mean[e]! + before / this.count;
        sum.square[e] = sum.square[e]! + before * (x - sum.mean[e]);
      });
    }
    if (result.error === null) this.withErrors = false;
    for (const [name, { data }] of Object.entries(result.error ?? {})) {
      const sum = this.errors.get(name) ?? new Float64Array(data.length);
      this.errors.set(name, sum);
      data.forEach((x, e) => (sum[e] = sum[e]! + x));
    }
    this.delta = added(this.delta, result.delta, this.count);
    this.score = added(this.score, result.score, this.count);
    this.baselineScore = added(this.baselineScore, result.baselineScore, this.count);
    this.points += result.points;
    this.converged = this.converged && result.converged;
    this.remarks ??= result.remarks;
  }

  /** The mean of everything; errors are the mean of the errors, which bounds the mean's error. */
  average(): AttributionResult {
    return {
      attributions: this.tensors(({ mean }, e) => mean[e]!),
      error: this.withErrors
        ? mapTensors(
            this.tensors(() => 0),
            (t, name) => ({ ...t, data: Array.from(present(this.errors.get(name), name), (x) => x / this.count) }),
          )
        : null,
      delta: this.delta,
      score: this.score,
      baselineScore: this.baselineScore,
      points: this.points,
      converged: this.converged,
      ...(this.remarks === undefined ? {} : { remarks: this.remarks }),
    };
  }

  /** The mean of squares. */
  meanSquares(): Readonly<Record<string, NumberTensor>> {
    return this.tensors(({ mean, square }, e) => mean[e]! ** 2 + square[e]! / this.count);
  }

  /** The variance over the results, as of a whole population. */
  variances(): Readonly<Record<string, NumberTensor>> {
    return this.tensors(({ square }, e) => square[e]! / this.count);
  }

  /** Half-widths of 95 % intervals of the mean; the mean's size where one result says nothing of its spread. */
  intervals(): Readonly<Record<string, NumberTensor>> {
    return this.tensors(({ mean, square }, e) => (this.count < 2 ? Math.abs(mean[e]!) : interval95 * Math.sqrt(square[e]! / (this.count - 1) / this.count)));
  }

  private tensors(value: (sum: { readonly mean: Float64Array; readonly square: Float64Array }, e: number) => number): Readonly<Record<string, NumberTensor>> {
    return Object.fromEntries([...this.sums].map(([name, sum]) => [name, { dims: sum.dims, data: Array.from(sum.mean, (_, e) => value(sum, e)) }]));
  }
}

function added(mean: readonly number[] | null, next: readonly number[] | null, count: number): readonly number[] | null {
  if (next === null || (mean === null && count > 1)) return null;
  return next.map((x, r) => (mean === null ? x : (mean[r] ?? NaN) + (x - (mean[r] ?? NaN)) / count));
}
