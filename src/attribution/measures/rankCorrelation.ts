import type { Measured } from "../../protocol/explanation.js";
import type { MethodOptions } from "../../protocol/request.js";
import type { Method } from "../method.js";
import type { AttributionResult } from "../plan.js";
import { resultRows } from "./resultRows.js";

/** Spearman's rank correlation: Pearson's of the ranks, equals sharing their mean rank. NaN where either list is constant or not all numbers. Source: Spearman (1904). */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (Array.from(a).some(Number.isNaN) || Array.from(b).some(Number.isNaN)) return NaN;
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (x.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [p, q] = [x[i]! - mean, y[i]! - mean];
    xy += p * q;
    xx += p * p;
    yy += q * q;
  }
  return xx === 0 || yy === 0 ? NaN : xy / Math.sqrt(xx * yy);
}

/** Ranks from 0; equals get the mean of the places they take. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((p, q) => values[p]! - values[q]!);
  const result = new Float64Array(order.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) result[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}

/** Rank correlation of two results' credits of one row, over the names that both have; sizes are compared when signs are not to be looked at. */
export function agreementOf(a: AttributionResult, b: AttributionResult, row: number, unsigned: boolean): number {
  const rows = resultRows(a);
  const names = Object.keys(a.attributions).filter((name) => a.attributions[name]!.data.length === b.attributions[name]?.data.length);
  const [x, y] = [creditsOfRow(a, row, rows, names), creditsOfRow(b, row, rows, names)];
  return unsigned ? rankCorrelation(x.map(Math.abs), y.map(Math.abs)) : rankCorrelation(x, y);
}

/** One row's credits by some name, and whether they know no sign. */
interface NamedCredits {
  readonly name: string;
  readonly result: AttributionResult;
  readonly unsigned: boolean;
}

/** How well each of several results agrees with each other one in one row: a symmetric matrix of rank correlations. */
export function agreementMatrix(all: readonly NamedCredits[], row: number): NonNullable<Measured["matrix"]> {
  const values = all.map((a, i) => all.map((b, j) => (i === j ? 1 : i < j ? agreementOf(a.result, b.result, row, a.unsigned || b.unsigned) : NaN)));
  return { names: all.map(({ name }) => name), values: values.map((line, i) => line.map((value, j) => (i > j ? (values[j]?.[i] ?? NaN) : value))) };
}

/** Whether a method's numbers know no sign: sizes of gradients, squares, variances. */
export function isUnsigned({ name }: Method, { abs, noise }: MethodOptions = {}): boolean {
  return (name === "saliency" && abs !== false) || noise === "smoothgradSquared" || noise === "vargrad";
}

/** All credits of one row, one name after the other. */
export function creditsOfRow(result: AttributionResult, row: number, rows: number, names = Object.keys(result.attributions)): number[] {
  return names.flatMap((name) => {
    const { data } = result.attributions[name]!;
    const size = data.length / rows;
    return data.slice(row * size, (row + 1) * size);
  });
}
