import { sizeOf, type Tensor } from "../tensor/tensor.js";

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
