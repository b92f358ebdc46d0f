import { present } from "../../base/assert.js";
import type { Dim, Node, Types } from "../../graph/ir.js";
import type { RuleContext } from "../rule.js";

/** A window that slides over the spatial axes: one entry an axis; pads in front and behind. Source: https://onnx.ai/onnx/operators/onnx__Conv.html */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly head: readonly number[];
  readonly tail: readonly number[];
}

/** Sizes of the axes behind batch and channels. The rule has refused nodes where one follows the batch. */
export function spatial(dims: readonly Dim[]): number[] {
  return dims.slice(2).map((d) => present(d, "a known spatial size"));
}

/** Length of a window of k taps that are `dilation` apart. */
export function reach(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/** Attributes strides, dilations, pads and auto_pad of a convolution or a pool over `sizes`. */
export function windowOf(c: RuleContext, kernel: readonly number[], sizes: readonly number[]): Window {
  const { a } = c;
  const n = sizes.length;
  const strides = a.ints("strides") ?? Array<number>(n).fill(1);
  const dilations = a.ints("dilations") ?? Array<number>(n).fill(1);
  const mode = a.string("auto_pad", "NOTSET");
  if (mode === "NOTSET" || mode === "VALID") {
    const pads = mode === "VALID" ? undefined : a.ints("pads");
    const side = (from: number): number[] => sizes.map((_, i) => pads?.[from + i] ?? 0);
    return { kernel, strides, dilations, head: side(0), tail: side(n) };
  }
  const total = sizes.map((size, i) => {
    const stride = present(strides[i], "stride");
    return Math.max((Math.ceil(size / stride) - 1) * stride + reach(present(kernel[i], "kernel"), present(dilations[i], "dilation")) - size, 0);
  });
  const less = total.map((t) => Math.floor(t / 2));
  const more = total.map((t, i) => t - less[i]!);
  return mode === "SAME_UPPER" ? { kernel, strides, dilations, head: less, tail: more } : { kernel, strides, dilations, head: more, tail: less };
}

/** Why a sliding window can't be differentiated: a spatial axis of an unknown size. */
export function spatialUnknown(node: Node, types: Types): string | undefined {
  return types
    .get(node.inputs[0] ?? "")
    ?.dims.slice(2)
    .includes(null) === true
    ? "a spatial axis follows the batch"
    : undefined;
}
