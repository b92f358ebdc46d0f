import { present } from "../base/assert.js";
import { allocate, sizeOf, type Tensor } from "../tensor/tensor.js";

/** Tensors of equal type and shape behind axis 0, one after the other along axis 0. */
export function stack(parts: readonly Tensor[]): Tensor {
  const first = present(parts[0], "tensors to stack");
  if (parts.length === 1) return first;
  const dims = [parts.reduce((rows, p) => rows + (p.dims[0] ?? 1), 0), ...first.dims.slice(1)];
  if (first.dtype === "string") return { dtype: "string", dims, data: parts.flatMap((p) => p.data as readonly string[]) };
  const data = allocate(first.dtype, sizeOf(dims));
  let at = 0;
  for (const part of parts) {
    (data as Float32Array).set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return { dtype: first.dtype, dims, data };
}

/** Row `row` of a tensor, as a tensor with one row. */
export function rowOf(t: Tensor, row: number): Tensor {
  const dims = [1, ...t.dims.slice(1)];
  const size = sizeOf(dims);
  return { dtype: t.dtype, dims, data: t.data.slice(row * size, (row + 1) * size) };
}

/** Equal for tensors that can be stacked. */
export function shapeKey(feeds: Readonly<Record<string, Tensor>>): string {
  return Object.entries(feeds)
    .map(([name, t]) => `${name}:${t.dtype}[${t.dims.slice(1).join(",")}]`)
    .join(" ");
}
