import { present } from "../../base/assert.js";
import type { RuleContext } from "../rule.js";
import { contractAxis, floatConstant, normalAxis, padAxis, range } from "./axes.js";
import { refusal } from "./refusal.js";

/** Source: https://onnx.ai/onnx/operators/onnx__Pad.html */
export function pad(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const dy = c.dy[0]!;
  const mode = c.a.string("mode", "constant");
  const cotangents = mode === "constant" ? constantPad(c, dy) : [mirrorPad(c, dy, mode), null];
  return [cotangents[0] ?? null, null, ...(x.length > 2 ? [cotangents[1] ?? null] : []), ...(x.length > 3 ? [null] : [])]
    .map((d, i) => (d !== null && !c.needs(i) ? null : d))
    .map((d, i) => (d !== null && i === 2 ? b.reshape(d, b.dims(x[2]!)) : d));
}

/** Zero padding and cropping are each other's adjoints. What fell on the padding belongs to its value. */
function constantPad(c: RuleContext, dy: string): [string, string | null] {
  const { b, x } = c;
  const pads = c.constant(1);
  const opposite = pads === undefined ? b.neg(x[1]!) : b.ints(pads.map((p) => -p));
  const dx = b.emit("Pad", [dy, opposite, "", ...(x[3] === undefined || x[3] === "" ? [] : [x[3]])], { dtype: b.type(dy).dtype, dims: b.dims(x[0]!) });
  if (x[2] === undefined || x[2] === "" || !c.needs(2)) return [dx, null];
  const total = (value: string): string => b.sum(value, range(b.rank(value)), false);
  return [dx, b.sub(total(dy), total(dx))];
}

/** edge, reflect and wrap copy elements: axis by axis, a 0/1 matrix says which. Negative pads crop first. */
function mirrorPad(c: RuleContext, dy: string, mode: string): string {
  const { b } = c;
  const dims = b.dims(c.x[0]!);
  const pads = c.constant(1);
  const axes = c.x[3] === undefined || c.x[3] === "" ? range(dims.length) : c.constant(3);
  if (pads === undefined || axes === undefined) throw refusal(c, "its padding is computed at run time");
  let out = dy;
  axes.forEach((raw, i) => {
    const axis = normalAxis(raw, dims.length);
    const [before, after] = [pads[i] ?? 0, pads[axes.length + i] ?? 0];
    if (before === 0 && after === 0) return;
    const size = dims[axis];
    if (typeof size !== "number") throw refusal(c, "it pads an axis that follows the batch");
    const first = Math.max(-before, 0);
    const kept = size - first - Math.max(-after, 0);
    const count = size + before + after;
    const matrix = new Float64Array(count * size);
    for (let o = 0; o < count; o++) matrix[o * size + first + sourceOf(o - Math.max(before, 0), kept, mode)] = 1;
    out = contractAxis(b, out, axis, floatConstant(b, b.type(out).dtype, [count, size], matrix));
  });
  return out;
}

function sourceOf(i: number, size: number, mode: string): number {
  if (mode === "edge") return Math.min(Math.max(i, 0), size - 1);
  const period = mode === "wrap" ? size : Math.max(2 * (size - 1), 1);
  const folded = ((i % period) + period) % period;
  return folded < size ? folded : period - folded;
}

/** Col2Im adds blocks into an image: the adjoint reads them back, as a Gather of constant positions. Source: https://onnx.ai/onnx/operators/onnx__Col2Im.html */
export function col2im(c: RuleContext): (string | null)[] {
  const { b, a } = c;
  const [image, block] = [c.constant(1), c.constant(2)];
  if (image === undefined || block === undefined) throw refusal(c, "its shape is computed at run time");
  const n = image.length;
  const one = Array<number>(n).fill(1);
  const [strides, dilations, pads] = [a.ints("strides") ?? one, a.ints("dilations") ?? one, a.ints("pads") ?? Array<number>(2 * n).fill(0)];
  let padded = c.dy[0]!;
  image.forEach((_, i) => {
    padded = padAxis(b, padded, i + 2, pads[i]!, pads[n + i]!);
  });
  const sizes = image.map((size, i) => size + pads[i]! + pads[n + i]!);
  const steps = sizes.map((size, i) => Math.floor((size - (block[i]! - 1) * dilations[i]! - 1) / strides[i]!) + 1);
  const positions = grid(block).flatMap((k) =>
    grid(steps).map((s) => sizes.reduce((flat, size, i) => flat * size + s[i]! * strides[i]! + k[i]! * dilations[i]!, 0)),
  );
  const [batch = null, channels] = b.dims(padded);
  const flat = b.reshape(padded, [batch, present(channels, "channels"), sizes.reduce((p, d) => p * d, 1)]);
  const taken = b.emit(
    "Gather",
    [flat, b.ints(positions)],
    { dtype: b.type(flat).dtype, dims: [batch, present(channels, "channels"), positions.length] },
    { axis: 2 },
  );
  return [b.reshapeLike(taken, c.x[0]!), null, null];
}

/** All index tuples of a box, the last axis fastest. */
function grid(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>((tuples, size) => tuples.flatMap((t) => range(size).map((i) => [...t, i])), [[]]);
}
