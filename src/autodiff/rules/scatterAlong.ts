import type { Builder } from "../../graph/builder.js";
import type { Dim } from "../../graph/ir.js";
import { contractAxis, floatConstant, padAxis, product } from "./axes.js";

/** Up to this many elements a 0/1 matrix product is faster than scattering, which ONNX Runtime does element by element on one thread. */
const largestSelection = 1 << 16;

/**
 * The adjoint of Gather: adds slices of `dy` [pre…, indices…, post…] into zeros of the type of `data` [pre…, D, post…] at `indices` along `axis`.
 * `known` are the indices where they are constant. Repeated indices add up; negative ones count from the end.
 */
export function scatterAlong(b: Builder, dy: string, data: string, axis: number, indices: string, known: readonly number[] | undefined): string {
  const dims = b.dims(data);
  const { dtype } = b.type(dy);
  const size = dims[axis] ?? null;
  const pre = dims.slice(0, axis);
  const post = dims.slice(axis + 1);
  const indexDims = b.dims(indices);
  const count: Dim = indexDims.length === 0 ? 1 : product(indexDims);
  // One axis of positions in the place of the index axes.
  const flat = indexDims.length === 1 ? dy : indexDims.length === 0 ? b.unsqueeze(dy, [axis]) : b.reshape(dy, [...pre, count, ...post]);
  if (known !== undefined && size !== null) {
    const at = known.map((k) => (k < 0 ? k + size : k));
    if (at.length > 0 && at.every((k, i) => k === (at[0] ?? 0) + i)) return padAxis(b, flat, axis, at[0] ?? 0, size - at[0]! - at.length);
    if (at.length * size <= largestSelection) {
      const selection = new Float64Array(at.length * size);
      at.forEach((k, i) => {
        selection[i * size + k] = 1;
      });
      return contractAxis(b, flat, axis, floatConstant(b, dtype, [at.length, size], selection));
    }
  }
  const positions = b.cast(indexDims.length === 1 ? indices : b.reshape(indices, [count]), "int64");
  const shaped = b.unsqueeze(positions, [...pre.map((_, i) => i), ...post.map((_, i) => axis + 1 + i)]);
  const everywhere = b.emit("Expand", [shaped, b.shapeOf(flat)], { dtype: "int64", dims: b.dims(flat) });
  return b.emit("ScatterElements", [b.expandLike(b.scalar(0, dy), data), everywhere, flat], { dtype, dims }, { axis, reduction: "add" });
}
