import type { Builder } from "../builder.js";
import type { Decomposition } from "./fused.js";

/** The middle of each of n cells of [-1, 1], or with `corners` n points from one end to the other. */
function ticks(n: number, corners: boolean): number[] {
  return Array.from({ length: n }, (_, i) => (corners ? (n === 1 ? -1 : -1 + (2 * i) / (n - 1)) : (2 * i + 1) / n - 1));
}

/** The sampling grid of a batch of affine maps [N, 2, 3] or [N, 3, 4]: homogeneous places times the transposed map. Source: https://onnx.ai/onnx/operators/onnx__AffineGrid.html */
export const affineGrid: Decomposition = (f) => {
  const { b, node } = f;
  const theta = f.input(0);
  const type = b.type(node.outputs[0] ?? "");
  const sizes = type.dims.slice(1, -1);
  if (sizes.some((n) => n === null)) return { reason: "its size follows the batch" };
  const axes = sizes.map((n) => ticks(n ?? 0, f.int("align_corners", 0) === 1));
  // Every place, the last axis fastest; its coordinates in the order x, y, z.
  const places = axes.reduce<number[][]>((rows, axis) => rows.flatMap((row) => axis.map((t) => [t, ...row])), [[]]).map((row) => [...row, 1]);
  const base = b.cast(b.constant("float32", [places.length, axes.length + 1], places.flat()), type.dtype);
  return [b.reshapeLike(b.matmul(base, b.transposeLast(theta)), node.outputs[0] ?? "")];
};

/** Cuts or pads both ends of axes to a size. Source: https://onnx.ai/onnx/operators/onnx__CenterCropPad.html */
export const centerCropPad: Decomposition = (f) => {
  const { b, node } = f;
  let value = f.input(0);
  const before = b.dims(value);
  const after = b.dims(node.outputs[0] ?? "");
  const gaps = before.map((d, i) => (d === null || after[i] === null ? 0 : (after[i] ?? 0) - d));
  const cut = gaps.flatMap((gap, i) => (gap < 0 ? [i] : []));
  if (cut.length > 0) {
    const starts = cut.map((i) => Math.floor(-(gaps[i] ?? 0) / 2));
    const ends = cut.map((i, k) => (starts[k] ?? 0) + (after[i] ?? 0));
    value = b.slice(
      value,
      cut,
      starts,
      ends,
      before.map((d, i) => (cut.includes(i) ? (after[i] ?? null) : d)),
    );
  }
  if (gaps.every((gap) => gap <= 0)) return [value];
  const pads = gaps.map((gap) => Math.max(0, Math.floor(gap / 2)));
  const rest = gaps.map((gap, i) => Math.max(0, gap) - (pads[i] ?? 0));
  return [b.emit("Pad", [value, b.ints([...pads, ...rest])], b.type(node.outputs[0] ?? ""))];
};

/** Points of every region along one axis, [regions, count], where they are counted, and their place for GridSample: ends at ±1. */
function along(b: Builder, start: string, length: string, count: number, size: number): { readonly inside: string; readonly place: string } {
  const shares = b.cast(
    b.constant(
      "float32",
      [1, count],
      Array.from({ length: count }, (_, k) => (k + 0.5) / count),
    ),
    b.type(start).dtype,
  );
  const points = b.add(start, b.mul(length, shares));
  const inside = b.compare("And", b.compare("GreaterOrEqual", points, b.scalar(-1, points)), b.compare("LessOrEqual", points, b.scalar(size, points)));
  return { inside, place: size === 1 ? b.scale(points, 0) : b.shift(b.scale(points, 2 / (size - 1)), -1) };
}

/**
 * RoiAlign in mode "avg": the means of bilinear samples on a grid in each region; samples more than one pixel outside count as 0, nearer ones are taken at the border.
 * Source: https://onnx.ai/onnx/operators/onnx__RoiAlign.html
 */
export const roiAlign: Decomposition = (f) => {
  const { b } = f;
  const [x, rois] = [f.input(0), f.input(1)];
  const ratio = f.int("sampling_ratio", 0);
  if (f.string("mode", "avg") !== "avg") return { reason: "its mode max compares weighted corners, which has no rule" };
  if (ratio <= 0) return { reason: "with sampling_ratio 0 the number of its samples depends on the regions" };
  const [, channels = null, height = null, width = null] = b.dims(x);
  const regions = b.dims(rois)[0] ?? null;
  if (channels === null || height === null || width === null || regions === null) return { reason: "its size follows the batch" };
  const half = f.string("coordinate_transformation_mode", "half_pixel") === "half_pixel";
  const scaled = b.shift(b.scale(rois, f.float("spatial_scale", 1)), half ? -0.5 : 0);
  const side = (k: number): string => b.slice(scaled, [1], [k], [k + 1], [regions, 1]);
  const extent = (from: number): string => {
    const length = b.sub(side(from + 2), side(from));
    // The older form has no region below one pixel.
    return half ? length : b.binary("Max", length, b.scalar(1, length));
  };
  const [rows, columns] = [f.int("output_height", 1), f.int("output_width", 1)];
  const [down, right] = [along(b, side(1), extent(1), rows * ratio, height), along(b, side(0), extent(0), columns * ratio, width)];
  const full = [regions, rows * ratio, columns * ratio];
  const spread = (value: string, axis: number): string =>
    b.emit("Expand", [b.unsqueeze(value, [axis]), b.ints(full)], { dtype: b.type(value).dtype, dims: full });
  const { dtype } = b.type(x);
  const grid = b.concat([b.unsqueeze(spread(right.place, 1), [3]), b.unsqueeze(spread(down.place, 2), [3])], 3);
  const images = b.emit("Gather", [x, f.input(2)], { dtype, dims: [regions, channels, height, width] }, { axis: 0 });
  const sampled = b.emit(
    "GridSample",
    [images, grid],
    { dtype, dims: [regions, channels, ...full.slice(1)] },
    { align_corners: 1, mode: "linear", padding_mode: "border" },
  );
  const inside = b.unsqueeze(b.compare("And", spread(down.inside, 2), spread(right.inside, 1)), [1]);
  const kept = b.where(inside, sampled, b.scalar(0, sampled));
  return [b.mean(b.reshape(kept, [regions, channels, rows, ratio, columns, ratio]), [3, 5], false)];
};
