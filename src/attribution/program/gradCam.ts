import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";

/** How a map is brought to another size: the cell that a position falls into, or a mixture of the nearest cells by their distance. */
export type Interpolation = "nearest" | "bilinear";

/**
 * Σ over channels of y · (mean of ∂F/∂y over the axes behind the channels): [N, C, …] to [N, 1, …].
 * Source: Selvaraju et al., Grad-CAM (arXiv:1610.02391), before its ReLU.
 */
export function classMap(b: Builder, y: string, gradient: string): string {
  const axes = Array.from({ length: b.rank(y) - 2 }, (_, i) => i + 2);
  return b.sum(b.mul(y, b.mean(gradient, axes)), [1]);
}

/** A map [N, 1, …] at other sizes behind its channel axis. */
export function resizeMap(b: Builder, map: string, sizes: readonly number[], interpolation: Interpolation): string {
  return sizes.reduce((at, size, i) => resizeAxis(b, at, i + 2, size, interpolation), map);
}

/** Positions are constants, so that no rounding of a runtime's own decides to which cell a position belongs. */
function resizeAxis(b: Builder, map: string, axis: number, size: number, interpolation: Interpolation): string {
  const length = present(b.dims(map)[axis], "a known size of the layer");
  if (length === size) return map;
  const positions = Array.from({ length: size }, (_, i) => i);
  if (interpolation === "nearest")
    return take(
      b,
      map,
      axis,
      positions.map((i) => Math.floor((i * length) / size)),
    );
  const centres = positions.map((i) => Math.max(0, ((i + 0.5) * length) / size - 0.5));
  const before = centres.map((c) => Math.min(Math.floor(c), length - 1));
  const share = centres.map((c, i) => c - before[i]!);
  const shape = b.dims(map).map((_, i) => (i === axis ? size : 1));
  const weight = (values: readonly number[]): string => b.cast(b.constant("float32", shape, values), b.type(map).dtype);
  const first = b.mul(take(b, map, axis, before), weight(share.map((s) => 1 - s)));
  const second = b.mul(
    take(
      b,
      map,
      axis,
      before.map((i) => Math.min(i + 1, length - 1)),
    ),
    weight(share),
  );
  return b.add(first, second);
}

function take(b: Builder, map: string, axis: number, positions: readonly number[]): string {
  const dims = b.dims(map).map((d, i) => (i === axis ? positions.length : d));
  return b.emit("Gather", [map, b.ints(positions)], { dtype: b.type(map).dtype, dims }, { axis });
}
