import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Node, Types } from "../../graph/ir.js";
import type { RuleContext, RuleFamily } from "../rule.js";
import { rule } from "../rule.js";
import { normalAxis, padAxis, range } from "./axes.js";
import { refusal } from "./refusal.js";
import { scatterAlong } from "./scatterAlong.js";

/** The two-sided transform of complex pairs along an axis, inverse (with its 1/n) or not. */
function transform(b: Builder, pairs: string, axis: number, inverse: boolean): string {
  const size = present(b.dims(pairs)[axis], "a known length of the transformed axis");
  return b.emit("DFT", [pairs, b.constant("int64", [], [size]), b.constant("int64", [], [axis])], b.type(pairs), { inverse: inverse ? 1 : 0, onesided: 0 });
}

/** The adjoint of a transform of `length` points: n times the inverse (or a n-th of the forward transform), bins that were not computed being zero. */
function transformAdjoint(b: Builder, dy: string, axis: number, length: number, inverse: boolean): string {
  const bins = present(b.dims(dy)[axis], "a known number of bins");
  const all = padAxis(b, dy, axis, 0, length - bins);
  return b.scale(transform(b, all, axis, !inverse), inverse ? 1 / length : length);
}

/** Pairs as the signal holds them: a real signal has no imaginary part. */
function parts(b: Builder, pairs: string, components: number): string {
  return components === 2 ? pairs : padAxis(b, pairs, b.rank(pairs) - 1, 0, -1);
}

/** Source: https://onnx.ai/onnx/operators/onnx__DFT.html */
function dft(c: RuleContext): (string | null)[] {
  const { b, a } = c;
  const x = c.x[0]!;
  const dims = b.dims(x);
  const [given] = c.x[2] === undefined || c.x[2] === "" ? [a.int("axis", -2)] : (c.constant(2) ?? []);
  if (given === undefined) throw refusal(c, "its axis is computed at run time");
  const axis = normalAxis(given, dims.length);
  const size = present(dims[axis], "a known length of the transformed axis");
  const [length] = c.x[1] === undefined || c.x[1] === "" ? [size] : (c.constant(1) ?? []);
  if (length === undefined) throw refusal(c, "its length is computed at run time");
  const points = transformAdjoint(b, c.dy[0]!, axis, length, a.int("inverse", 0) !== 0);
  // Points behind the signal were zeros, points behind the transform were not read.
  return [padAxis(b, parts(b, points, dims.at(-1) ?? 1), axis, 0, size - length), null, null].slice(0, c.x.length);
}

/** Frames are windowed and transformed: transform back, window, and add the overlapping frames. Source: https://onnx.ai/onnx/operators/onnx__STFT.html */
function stft(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const signal = x[0]!;
  const [step] = c.constant(1) ?? [];
  const window = x[2] ?? "";
  const length = window === "" ? c.constant(3)?.[0] : b.dims(window)[0];
  if (step === undefined || typeof length !== "number") throw refusal(c, "its frames are computed at run time");
  if (window !== "" && c.needs(2)) throw refusal(c, "its window depends on the input");
  const dims = b.dims(signal);
  const components = dims.length === 3 ? (dims[2] ?? 1) : 1;
  let frames = parts(b, transformAdjoint(b, c.dy[0]!, 2, length, false), components);
  if (window !== "") frames = b.mul(frames, b.reshape(window, [length, 1]));
  const count = present(b.dims(frames)[1], "a known number of frames");
  const positions = range(count).flatMap((f) => range(length).map((i) => f * step + i));
  const line = b.reshape(frames, [dims[0] ?? null, positions.length, ...dims.slice(2)]);
  return [scatterAlong(b, line, signal, 1, b.ints(positions), positions), null, null, null].slice(0, x.length);
}

const refuseRealInverse = (node: Node, types: Types): string | undefined =>
  types.get(node.outputs[0] ?? "")?.dims.at(-1) === 1 ? "an inverse transform from one side to a real signal" : undefined;

/** ONNX Runtime takes the window for complex numbers where the signal is complex, and reads behind its end. */
const refuseComplexWindow = (node: Node, types: Types): string | undefined =>
  types.get(node.inputs[0] ?? "")?.dims[2] === 2 && (node.inputs[2] ?? "") !== "" ? "a window on a complex signal" : undefined;

/** Fourier transforms. */
export const signal: RuleFamily = {
  DFT: rule(dft, refuseRealInverse),
  STFT: rule(stft, refuseComplexWindow),
};
