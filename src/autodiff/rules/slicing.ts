import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { RuleContext } from "../rule.js";
import { contractAxis, flip, normalAxis, padAxis, range, rangeOfAxis } from "./axes.js";

/** Slice: zeros are put back around and between the elements that were taken. Source: https://onnx.ai/onnx/operators/onnx__Slice.html */
export function slice(c: RuleContext): (string | null)[] {
  const { b } = c;
  const data = c.x[0]!;
  const rank = b.rank(data);
  const starts = c.constant(1);
  const ends = c.constant(2);
  const count = b.dims(c.x[1]!)[0] ?? rank;
  const axes = (c.x.length > 3 && c.x[3] !== "" ? c.constant(3) : undefined) ?? range(count);
  const stepsGiven = c.x.length > 4 && c.x[4] !== "";
  const steps = stepsGiven ? c.constant(4) : range(count).map(() => 1);
  let out = c.dy[0]!;
  axes.forEach((rawAxis, i) => {
    const axis = normalAxis(rawAxis, rank);
    const size = b.dims(data)[axis] ?? null;
    const taken = b.dims(c.y[0]!)[axis] ?? null;
    const step = steps?.[i];
    const start = starts?.[i];
    if (size !== null && taken !== null && step !== undefined && start !== undefined) {
      out = unslice(b, out, axis, size, taken, start, step);
    } else if (!(start === 0 && step === 1 && (ends?.[i] ?? 0) >= 2 ** 31 - 1)) {
      // Positions known at run time only: a 0/1 matrix that says which element went where.
      const at = (input: string): string => b.emit("Slice", [input, b.ints([i]), b.ints([i + 1]), b.ints([0])], { dtype: b.type(input).dtype, dims: [1] });
      const all = rangeOfAxis(b, data, axis);
      const positions = b.emit(
        "Slice",
        [all, at(c.x[1]!), at(c.x[2]!), b.constant(b.type(c.x[1]!).dtype === "int32" ? "int32" : "int64", [1], [0]), ...(stepsGiven ? [at(c.x[4]!)] : [])],
        { dtype: "int64", dims: [taken] },
      );
      const chosen = b.compare("Equal", b.unsqueeze(positions, [1]), b.unsqueeze(all, [0]));
      out = contractAxis(b, out, axis, b.cast(chosen, b.type(out).dtype));
    }
  });
  return [out, null, null, null, null].slice(0, c.x.length);
}

function unslice(b: Builder, dy: string, axis: number, size: number, taken: number, rawStart: number, step: number): string {
  if (taken === 0) return padAxis(b, dy, axis, 0, size);
  const last = step > 0 ? size : size - 1;
  const start = Math.min(Math.max(rawStart < 0 ? rawStart + size : rawStart, 0), last);
  const stride = Math.abs(step);
  const ascending = step < 0 ? flip(b, dy, [axis]) : dy;
  const first = step < 0 ? start - stride * (taken - 1) : start;
  const spread = stride === 1 || taken === 1 ? ascending : dilate(b, ascending, axis, stride);
  const length = (taken - 1) * stride + 1;
  return padAxis(b, spread, axis, first, size - first - length);
}

/** Puts stride − 1 zeros between neighbours along an axis: n elements become (n − 1) · stride + 1. */
function dilate(b: Builder, a: string, axis: number, stride: number): string {
  const dims = b.dims(a);
  const size = present(dims[axis], "a known size of the dilated axis");
  const apart = padAxis(b, b.unsqueeze(a, [axis + 1]), axis + 1, 0, stride - 1);
  const merged = b.emit("Reshape", [apart, b.ints([...dims.slice(0, axis).map(() => 0), size * stride, ...dims.slice(axis + 1).map((d) => d ?? -1)])], {
    dtype: b.type(a).dtype,
    dims: dims.map((d, i) => (i === axis ? size * stride : d)),
  });
  return padAxis(b, merged, axis, 0, 1 - stride);
}
