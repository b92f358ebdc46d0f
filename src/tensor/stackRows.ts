import { allocate, sizeOf, type Tensor } from "./tensor.js";

/** Tensors of equal type and shape behind axis 0, one after the other along axis 0. At least one. */
export function stackRows(parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  if (first === undefined) throw new Error("no tensors to stack");
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
