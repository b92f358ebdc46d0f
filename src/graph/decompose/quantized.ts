import { attribute } from "../attributes.js";
import type { Builder } from "../builder.js";
import { contribAttention } from "./attention.js";
import { Fused, type Decomposition } from "./fused.js";
import { embedLayerNormalization } from "./normalization.js";

/*
 * Operators on quantised numbers as the same operator on the numbers that these stand for, (q − zero point) · scale, between DequantizeLinear and QuantizeLinear.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */

/** The numbers behind the quantised input `value`, whose scale and zero point are the inputs at those places: one for all, or one for each position of `axis`. */
function real(f: Fused, value: number, scale: number, zero: number, axis = 0): string {
  const { b } = f;
  return b.emit("DequantizeLinear", [f.input(value), one(b, f.input(scale)), ...(f.has(zero) ? [one(b, f.input(zero))] : [])], realOf(f, value), { axis });
}

function realOf(f: Fused, value: number): { readonly dtype: "float32"; readonly dims: readonly (number | null)[] } {
  return { dtype: "float32", dims: f.b.dims(f.input(value)) };
}

/** A parameter of one element as a scalar: DequantizeLinear takes a vector for one that has a number for each position. */
function one(b: Builder, name: string): string {
  return b.rank(name) === 1 && b.dims(name)[0] === 1 ? b.squeeze(name, [0]) : name;
}

/** `y` quantised like the node's first output. */
function quantised(f: Fused, y: string, scale: number, zero: number): readonly string[] {
  const { b } = f;
  const parameters = [f.input(scale), ...(f.has(zero) ? [f.input(zero)] : [])].map((name) => one(b, name));
  return [b.emit("QuantizeLinear", [y, ...parameters], { dtype: b.type(f.node.outputs[0] ?? "").dtype, dims: b.dims(y) })];
}

/** com.microsoft QGemm: A, B with their scales and zero points, C in steps of both scales, and the output's scale, without which it stays real. */
export const qGemm: Decomposition = (f) => {
  const { b } = f;
  const transposed = f.int("transB", 0) === 1;
  const gemm = [real(f, 0, 1, 2), real(f, 3, 4, 5, transposed ? 0 : 1)];
  const attributes = { transA: f.int("transA", 0), transB: f.int("transB", 0) };
  const product = b.scale(b.emit("Gemm", gemm, { dtype: "float32", dims: b.dims(f.node.outputs[0] ?? "") }, attributes), f.float("alpha", 1));
  const steps = b.scale(b.mul(one(b, f.input(1)), one(b, f.input(4))), f.float("alpha", 1));
  const y = f.has(6) ? b.add(product, b.mul(b.cast(f.input(6), "float32"), steps)) : product;
  return f.has(7) ? quantised(f, y, 7, 8) : [y];
};

/** com.microsoft QLinearSoftmax; before opset 13 a softmax runs over all axes from its own on. */
export const qLinearSoftmax: Decomposition = (f) => {
  const { b } = f;
  const x = real(f, 0, 1, 2);
  const rank = b.rank(x);
  const given = f.int("axis", -1);
  const axis = given < 0 ? given + rank : given;
  const over = attribute(f.node, "opset", "int") ?? 13;
  if (over >= 13 || axis === rank - 1) return quantised(f, b.emit("Softmax", [x], b.type(x), { axis }), 3, 4);
  const rest = b.dims(x).slice(axis);
  const width = rest.reduce<number | null>((product, dim) => (product === null || dim === null ? null : product * dim), 1);
  if (width === null) return { reason: "it runs over an axis of unknown size" };
  const flat = b.reshape(x, [...b.dims(x).slice(0, axis), width]);
  return quantised(f, b.reshape(b.emit("Softmax", [flat], b.type(flat), { axis }), b.dims(x)), 3, 4);
};

/** com.microsoft QLinearWhere: a condition, X and Y with scale and zero point each, then the output's. */
export const qLinearWhere: Decomposition = (f) => quantised(f, f.b.where(f.input(0), real(f, 1, 2, 3), real(f, 4, 5, 6)), 7, 8);

/** com.microsoft QAttention: Attention whose input and projection are quantised. */
export const qAttention: Decomposition = (f) => {
  const [input, weights] = [real(f, 0, 3, 6), real(f, 1, 4, 7, 1)];
  return contribAttention(new Fused(f.b, { ...f.node, inputs: [input, weights, f.input(2), f.input(5), f.input(8)] }));
};

/** com.microsoft QEmbedLayerNormalization: EmbedLayerNormalization with quantised tables. */
export const qEmbedLayerNormalization: Decomposition = (f) => {
  const table = (value: number, scale: number, zero: number): string => (f.has(value) ? real(f, value, scale, zero) : "");
  const tables = [table(2, 8, 13), table(3, 9, 14), table(4, 10, 15), table(5, 11, 16), table(6, 12, 17)];
  return embedLayerNormalization(new Fused(f.b, { ...f.node, inputs: [f.input(0), f.input(1), ...tables, f.input(7)] }));
};
