import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Dim } from "../../graph/ir.js";
import type { RuleContext, RuleFamily } from "../rule.js";
import { rule } from "../rule.js";
import { flip, padAxis, range } from "./axes.js";
import { reach, spatial, spatialUnknown, windowOf, type Window } from "./window.js";

/** Mirrored weights by builder: a mirror's mirror is the original, so forward mode runs the fast kernel too. */
const mirrors = new WeakMap<Builder, Map<string, string>>();

/** Constant weights [M, C/g, k…] as [C, M/g, k…] with the kernel reversed, or undefined if they are computed at run time. */
function mirrored(b: Builder, weights: string, groups: number): string | undefined {
  const known = mirrors.get(b) ?? new Map<string, string>();
  mirrors.set(b, known);
  const key = `${weights}/${groups}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (!b.initializers.has(weights)) return undefined;
  const mirror = flip(
    b,
    swapChannels(b, weights, groups),
    range(b.rank(weights) - 2).map((i) => i + 2),
  );
  known.set(key, mirror);
  known.set(`${mirror}/${groups}`, weights);
  return mirror;
}

/** [M, C/g, k…] → [C, M/g, k…] within each group. */
function swapChannels(b: Builder, weights: string, groups: number): string {
  const [m, c, ...kernel] = b.dims(weights) as number[];
  const [rows, columns] = [present(m, "channels"), present(c, "channels")];
  const rest = kernel.map((_, i) => i);
  if (groups === 1) return b.transpose(weights, [1, 0, ...rest.map((i) => i + 2)]);
  if (columns === 1 && rows === groups) return weights;
  const split = b.reshape(weights, [groups, rows / groups, columns, ...kernel]);
  return b.reshape(b.transpose(split, [0, 2, 1, ...rest.map((i) => i + 3)]), [groups * columns, rows / groups, ...kernel]);
}

/**
 * The adjoint of a convolution over its data: from dY to an input of these dims. With stride 1 and constant weights it is a convolution with mirrored
 * weights, for which ONNX Runtime has its fastest kernels; else ConvTranspose.
 */
export function scatterWindows(b: Builder, dy: string, weights: string, w: Window, groups: number, dims: readonly Dim[]): string {
  const { dtype } = b.type(dy);
  const sizes = spatial(dims);
  const taken = spatial(b.dims(dy));
  const shared = { group: groups, dilations: w.dilations, kernel_shape: w.kernel };
  const heads = w.head.map((h, i) => reach(w.kernel[i]!, w.dilations[i]!) - 1 - h);
  const tails = sizes.map((size, i) => size + reach(w.kernel[i]!, w.dilations[i]!) - 1 - taken[i]! - heads[i]!);
  if (w.strides.every((s) => s === 1) && [...heads, ...tails].every((p) => p >= 0)) {
    const mirror = mirrored(b, weights, groups);
    if (mirror !== undefined) return b.emit("Conv", [dy, mirror], { dtype, dims }, { ...shared, pads: [...heads, ...tails] });
  }
  // Everything that the windows reach, padding included; cut back to the input afterwards, as positions behind the last window may be left over.
  const full = taken.map((n, i) => (n - 1) * w.strides[i]! + reach(w.kernel[i]!, w.dilations[i]!));
  const missing = sizes.map((size, i) => size + w.head[i]! - full[i]!);
  const inPads = missing.every((m, i) => m <= 0 || m < w.strides[i]!);
  if (inPads) {
    const pads = [...w.head, ...missing.map((m) => Math.max(-m, 0))];
    return b.emit("ConvTranspose", [dy, weights], { dtype, dims }, { ...shared, strides: w.strides, pads, output_padding: missing.map((m) => Math.max(m, 0)) });
  }
  let out = b.emit("ConvTranspose", [dy, weights], { dtype, dims: [...dims.slice(0, 2), ...full] }, { ...shared, strides: w.strides });
  sizes.forEach((_, i) => {
    out = padAxis(b, out, i + 2, -w.head[i]!, missing[i]!);
  });
  return out;
}

/**
 * The weight gradient: Σ over rows and positions of dY · X, as a convolution with channels in the place of the batch.
 * X [N, C, in…], dY [N, M, out…] → [M, C/g, k…]; strides and dilations change places.
 */
function correlate(b: Builder, x: string, dy: string, w: Window, groups: number): string {
  const { dtype } = b.type(dy);
  const [n = null, channels = null] = b.dims(x);
  const sizes = spatial(b.dims(x));
  const outputs = b.dims(dy)[1] ?? null;
  const axes = sizes.map((_, i) => i);
  // In forward mode the batch is in the place of the channels.
  const perGroup = channels === null ? null : channels / groups;
  let data = x;
  if (groups === 1) data = b.transpose(x, [1, 0, ...axes.map((i) => i + 2)]);
  else {
    const split = b.reshape(x, [n, groups, perGroup, ...sizes]);
    data = b.reshape(b.transpose(split, [2, 1, 0, ...axes.map((i) => i + 3)]), [perGroup, n === null ? null : groups * n, ...sizes]);
  }
  const kernel = b.transpose(dy, [1, 0, ...axes.map((i) => i + 2)]);
  const taken = spatial(b.dims(dy));
  const found = sizes.map((size, i) => Math.floor((size + w.head[i]! + w.tail[i]! - reach(taken[i]!, w.strides[i]!)) / w.dilations[i]!) + 1);
  let out = b.emit(
    "Conv",
    [data, kernel],
    { dtype, dims: [perGroup, outputs, ...found] },
    { group: groups, strides: w.dilations, dilations: w.strides, pads: [...w.head, ...w.tail] },
  );
  // Positions behind the last window make the result longer than the kernel.
  found.forEach((f, i) => {
    out = padAxis(b, out, i + 2, 0, w.kernel[i]! - f);
  });
  return b.transpose(out, [1, 0, ...axes.map((i) => i + 2)]);
}

function biasCotangent(c: RuleContext, dy: string): string | null {
  const { b } = c;
  return c.x.length > 2 && c.x[2] !== "" && c.needs(2)
    ? b.sum(
        dy,
        range(b.rank(dy)).filter((i) => i !== 1),
        false,
      )
    : null;
}

/** Conv from a cotangent that may differ from the node's own (FusedConv's activation). */
function convVjp(c: RuleContext, dy: string): (string | null)[] {
  const { b } = c;
  const [x, weights] = [c.x[0]!, c.x[1]!];
  const groups = c.a.int("group", 1);
  const w = windowOf(c, spatial(b.dims(weights)), spatial(b.dims(x)));
  return [
    c.needs(0) ? scatterWindows(b, dy, weights, w, groups, b.dims(x)) : null,
    c.needs(1) ? correlate(b, x, dy, w, groups) : null,
    biasCotangent(c, dy),
  ].slice(0, Math.max(c.x.length, 2));
}

/** Y = transposed convolution of X: its adjoint is the convolution itself. Source: https://onnx.ai/onnx/operators/onnx__ConvTranspose.html */
function convTranspose(c: RuleContext): (string | null)[] {
  const { b } = c;
  const [x, weights, dy] = [c.x[0]!, c.x[1]!, c.dy[0]!];
  const { dtype } = b.type(dy);
  const groups = c.a.int("group", 1);
  const [w, image] = transposedWindow(c, dy);
  return [
    c.needs(0)
      ? b.emit(
          "Conv",
          [image, weights],
          { dtype, dims: b.dims(x) },
          { group: groups, strides: w.strides, dilations: w.dilations, pads: [...w.head, ...w.tail] },
        )
      : null,
    c.needs(1) ? correlate(b, image, x, w, groups) : null,
    biasCotangent(c, dy),
  ].slice(0, Math.max(c.x.length, 2));
}

/** The window of the convolution that leads from the output back to the input, and the output's cotangent cut to what the windows reach. */
function transposedWindow(c: RuleContext, dy: string): [Window, string] {
  const { b, a } = c;
  const sizes = spatial(b.dims(c.x[0]!));
  const outputs = spatial(b.dims(c.y[0]!));
  const kernel = spatial(b.dims(c.x[1]!));
  const n = sizes.length;
  const strides = a.ints("strides") ?? Array<number>(n).fill(1);
  const dilations = a.ints("dilations") ?? Array<number>(n).fill(1);
  const extra = a.ints("output_padding") ?? Array<number>(n).fill(0);
  const mode = a.string("auto_pad", "NOTSET");
  const full = sizes.map((size, i) => (size - 1) * strides[i]! + reach(kernel[i]!, dilations[i]!));
  const head = sizes.map((_, i) => {
    if (mode === "VALID") return 0;
    if (mode === "NOTSET" && !a.has("output_shape")) return a.ints("pads")?.[i] ?? 0;
    const total = Math.max(full[i]! + extra[i]! - outputs[i]!, 0);
    return mode === "SAME_UPPER" ? Math.floor(total / 2) : total - Math.floor(total / 2);
  });
  // What lies behind the last window got nothing from the input (only the bias): negative padding, cut off.
  const tail = full.map((f, i) => f - outputs[i]! - head[i]!);
  let image = dy;
  tail.forEach((t, i) => {
    if (t < 0) image = padAxis(b, image, i + 2, 0, t);
  });
  return [{ kernel, strides, dilations, head, tail: tail.map((t) => Math.max(t, 0)) }, image];
}

/** com.microsoft FusedConv: activation(Conv(X, W, B) + Z). The activation's slope is read off its output. */
function fusedConv(c: RuleContext): (string | null)[] {
  const dz = activated(c);
  const [dx, dw, db = null] = convVjp(c, dz);
  return [dx ?? null, dw ?? null, db, dz].slice(0, c.x.length);
}

function activated(c: RuleContext): string {
  const { b } = c;
  const [y, dy] = [c.y[0]!, c.dy[0]!];
  const [p = 0, q = 0] = c.a.floats("activation_params") ?? [];
  const keep = (condition: string): string => b.where(condition, dy, b.scalar(0, dy));
  const above = (bound: number): string => b.compare("Greater", y, b.scalar(bound, y));
  const below = (bound: number): string => b.compare("Less", y, b.scalar(bound, y));
  switch (c.a.string("activation", "")) {
    case "Relu":
      return keep(above(0));
    case "Sigmoid":
      return b.mul(dy, b.mul(y, b.sub(b.scalar(1, y), y)));
    case "Tanh":
      return b.mul(dy, b.sub(b.scalar(1, y), b.mul(y, y)));
    case "LeakyRelu":
      return b.where(above(0), dy, b.scale(dy, p));
    case "HardSigmoid":
      return b.scale(keep(b.compare("And", above(0), below(1))), p);
    case "Clip":
      return keep(b.compare("And", above(p), below(q)));
    default:
      return dy;
  }
}

const activations = ["", "Relu", "Sigmoid", "Tanh", "LeakyRelu", "HardSigmoid", "Clip"];

/** Convolutions of one to three spatial axes. */
export const convolution: RuleFamily = {
  Conv: rule((c) => convVjp(c, c.dy[0]!), spatialUnknown),
  ConvTranspose: rule(convTranspose, spatialUnknown),
  "com.microsoft:FusedConv": rule(fusedConv, (node, types) => {
    const activation = node.attributes["activation"];
    const name = activation?.kind === "string" ? activation.value : "";
    return activations.includes(name) ? spatialUnknown(node, types) : `the fused activation ${name} has no rule`;
  }),
};
