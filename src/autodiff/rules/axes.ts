import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Dim } from "../../graph/ir.js";
import type { Dtype } from "../../tensor/dtype.js";

/** A constant of any float type. */
export function floatConstant(b: Builder, dtype: Dtype, dims: readonly number[], values: ArrayLike<number>): string {
  return dtype === "float64" ? b.constant("float64", dims, values) : b.cast(b.constant("float32", dims, values), dtype);
}

/** A non-negative axis of a value of that rank. */
export function normalAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** 0, 1, …, n − 1. */
export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The permutation that undoes `perm`. */
export function inversePermutation(perm: readonly number[]): number[] {
  const inverse: number[] = perm.map(() => 0);
  perm.forEach((p, i) => {
    inverse[p] = i;
  });
  return inverse;
}

/** Contracts axis `axis` of `a` (size n) with the value `matrix` [n, m]: the axis then has size m. */
export function contractAxis(b: Builder, a: string, axis: number, matrix: string): string {
  const rank = b.rank(a);
  if (axis === rank - 1) return b.matmul(a, matrix);
  if (axis === rank - 2) return b.matmul(b.transposeLast(matrix), a);
  const perm = [...range(rank).filter((i) => i !== axis), axis];
  return b.transpose(b.matmul(b.transpose(a, perm), matrix), inversePermutation(perm));
}

/** `a` with `before` zeros in front of and `after` zeros behind the elements of one axis; negative counts crop. */
export function padAxis(b: Builder, a: string, axis: number, before: number, after: number): string {
  if (before === 0 && after === 0) return a;
  const dims = [...b.dims(a)];
  const size = present(dims[axis], "a known size of the padded axis");
  dims[axis] = size + before + after;
  return b.emit("Pad", [a, b.ints([before, after]), "", b.ints([axis])], { dtype: b.type(a).dtype, dims });
}

/** `a` with the order of the elements along these axes reversed. */
export function flip(b: Builder, a: string, axes: readonly number[]): string {
  if (axes.length === 0) return a;
  const toTheStart = -(2 ** 31);
  return b.slice(
    a,
    axes,
    axes.map(() => -1),
    axes.map(() => toTheStart),
    b.dims(a),
    axes.map(() => -1),
  );
}

/** The product of bound dims; null where one follows the batch. */
export function product(dims: readonly Dim[]): Dim {
  return dims.reduce<Dim>((total, d) => (total === null || d === null ? null : total * d), 1);
}

/** The size of one axis at run time as a 1-D value of one element. */
export function sizeOfAxis(b: Builder, a: string, axis: number): string {
  const size = b.dims(a)[axis];
  if (typeof size === "number") return b.ints([size]);
  // Not by Shape's `start` and `end`: ONNX Runtime 1.30 moves transposes through Shape without heeding them and then reads beyond the end.
  const shape = b.emit("Shape", [a], { dtype: "int64", dims: [b.rank(a)] });
  return b.slice(shape, [0], [axis], [axis + 1], [1]);
}

/** 0, 1, …, size − 1 along one axis of `a`, as int64 whatever the batch. */
export function rangeOfAxis(b: Builder, a: string, axis: number): string {
  const size = b.dims(a)[axis];
  if (typeof size === "number") return b.constant("int64", [size], range(size));
  const end = b.squeeze(sizeOfAxis(b, a, axis), [0]);
  return b.emit("Range", [b.constant("int64", [], [0]), end, b.constant("int64", [], [1])], { dtype: "int64", dims: [null] });
}
