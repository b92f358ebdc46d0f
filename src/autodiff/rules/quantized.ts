import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/ir.js";
import type { Dtype } from "../../tensor/dtype.js";
import type { RuleContext, RuleFamily, Vjp } from "../rule.js";
import { approximateRule } from "../rule.js";
import { normalAxis } from "./axes.js";
import { scatterWindows } from "./convolution.js";
import { matmulVjp } from "./linear.js";
import { spreadWindows } from "./pooling.js";
import { spatial, spatialUnknown, windowOf } from "./window.js";

/*
 * Quantised numbers stand for (q − zero point) · scale. Rounding passes its cotangent on unchanged (straight-through estimate) and blocks it where the value
 * was clipped. The cotangent of a quantised integer is a float32 per unit of the integer. Source: Bengio et al., https://arxiv.org/abs/1308.3432
 */

const straightThrough = "rounding to quantised numbers is passed straight through, and blocked where it clips";

const limits: Partial<Record<Dtype, readonly [number, number]>> = { int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767], uint16: [0, 65535] };

function limitsOf(b: Builder, quantised: string): readonly [number, number] {
  return limits[b.type(quantised).dtype] ?? [-Infinity, Infinity];
}

/** A scale or zero point as float32: one number, or one for each position of `axis`, shaped to broadcast against rank `rank`. */
function parameter(b: Builder, name: string, rank: number, axis: number): string {
  const value = b.cast(name, "float32");
  if (b.rank(value) !== 1 || b.dims(value)[0] === 1) return b.rank(value) === 0 ? value : b.reshape(value, []);
  return b.reshape(value, [b.dims(value)[0]!, ...Array<number>(rank - 1 - axis).fill(1)]);
}

/** (q − zero point), as float32. */
function centred(b: Builder, quantised: string, zeroPoint: string | undefined, axis: number): string {
  const value = b.cast(quantised, "float32");
  return zeroPoint === undefined || zeroPoint === "" ? value : b.sub(value, parameter(b, zeroPoint, b.rank(quantised), axis));
}

/** The real number that a quantised one stands for. */
function real(b: Builder, quantised: string, scale: string, zeroPoint: string | undefined, axis = 1): string {
  return b.mul(centred(b, quantised, zeroPoint, axis), parameter(b, scale, b.rank(quantised), axis));
}

/** The cotangent of the real result behind a quantised output: divided by its scale, 0 where the output is at an end of its range. */
function ofReal(c: RuleContext, scale: string): string {
  const { b } = c;
  const [y, dy] = [c.y[0]!, c.dy[0]!];
  const [low, high] = limitsOf(b, y);
  const value = b.cast(y, "float32");
  const inside = b.compare("And", b.compare("Greater", value, b.scalar(low, value)), b.compare("Less", value, b.scalar(high, value)));
  return b.where(inside, b.div(dy, parameter(b, scale, b.rank(y), 1)), b.scalar(0, dy));
}

/** As many cotangents as the node has inputs, those at `at` given. */
function cotangents(c: RuleContext, at: Readonly<Record<number, string | null>>): (string | null)[] {
  return c.x.map((_, i) => at[i] ?? null);
}

function quantizeLinear(c: RuleContext): (string | null)[] {
  const { b } = c;
  const [x, scale, zeroPoint] = c.x;
  const rank = b.rank(x!);
  const axis = normalAxis(c.a.int("axis", 1), rank);
  const s = parameter(b, scale!, rank, axis);
  const steps = b.unary("Round", b.div(b.cast(x!, "float32"), s));
  const level = zeroPoint === undefined || zeroPoint === "" ? steps : b.add(steps, parameter(b, zeroPoint, rank, axis));
  const [low, high] = limitsOf(b, c.y[0]!);
  const inside = b.compare("And", b.compare("GreaterOrEqual", level, b.scalar(low, level)), b.compare("LessOrEqual", level, b.scalar(high, level)));
  const dx = b.where(inside, b.div(c.dy[0]!, s), b.scalar(0, c.dy[0]!));
  return cotangents(c, { 0: b.cast(dx, b.type(x!).dtype) });
}

function dequantizeLinear(c: RuleContext): (string | null)[] {
  const { b } = c;
  const rank = b.rank(c.x[0]!);
  return cotangents(c, { 0: b.mul(b.cast(c.dy[0]!, "float32"), parameter(b, c.x[1]!, rank, normalAxis(c.a.int("axis", 1), rank))) });
}

/** Scale and zero point follow the input so that nothing clips: as the real number does not change with them, they pass no cotangent on. */
function dynamicQuantizeLinear(c: RuleContext): (string | null)[] {
  return [c.dy[0] === "" ? null : c.b.div(c.dy[0]!, c.y[1]!)];
}

/** A context in which inputs 0 and 1 of a product are the inputs `left` and `right` of the node. */
function product(c: RuleContext, left: number, right: number): RuleContext {
  return { ...c, needs: (i) => c.needs(i === 0 ? left : right) };
}

/** Zero points of the left factor are one a row. */
function leftFactor(b: Builder, a: string, zeroPoint: string | undefined): string {
  return centred(b, a, zeroPoint, Math.max(b.rank(a) - 2, 0));
}

function rightFactor(b: Builder, w: string, zeroPoint: string | undefined): string {
  return centred(b, w, zeroPoint, b.rank(w) - 1);
}

function matMulInteger(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const [da, dw] = matmulVjp(c, leftFactor(b, x[0]!, x[2]), rightFactor(b, x[1]!, x[3]), c.dy[0]!);
  return cotangents(c, { 0: da, 1: dw });
}

function qLinearMatMul(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const [a, aScale, aZero, w, wScale, wZero, yScale] = x as [string, string, string, string, string, string, string];
  const left = b.mul(leftFactor(b, a, aZero), parameter(b, aScale, b.rank(a), Math.max(b.rank(a) - 2, 0)));
  const right = b.mul(rightFactor(b, w, wZero), parameter(b, wScale, b.rank(w), b.rank(w) - 1));
  const [da, dw] = matmulVjp(product(c, 0, 3), left, right, ofReal(c, yScale));
  return cotangents(c, {
    0: da === null ? null : b.mul(da, parameter(b, aScale, b.rank(a), Math.max(b.rank(a) - 2, 0))),
    3: dw === null ? null : b.mul(dw, parameter(b, wScale, b.rank(w), b.rank(w) - 1)),
  });
}

/** com.microsoft DynamicQuantizeMatMul: A is quantised on the fly, so Y ≈ A · real(B) + bias. */
function dynamicQuantizeMatMul(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const right = b.mul(rightFactor(b, x[1]!, x[3]), parameter(b, x[2]!, b.rank(x[1]!), b.rank(x[1]!) - 1));
  const [da] = matmulVjp({ ...c, needs: (i) => i === 0 }, x[0]!, right, c.dy[0]!);
  return cotangents(c, { 0: da, 4: c.dy[0]! });
}

/** com.microsoft MatMulIntegerToFloat: (A − a₀) · (B − b₀) · scales + bias. */
function matMulIntegerToFloat(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const scale = parameter(b, x[2]!, 2, 1);
  const right = b.mul(rightFactor(b, x[1]!, x[5]), parameter(b, x[3]!, b.rank(x[1]!), b.rank(x[1]!) - 1));
  const [da] = matmulVjp({ ...c, needs: (i) => i === 0 }, leftFactor(b, x[0]!, x[4]), right, b.mul(c.dy[0]!, scale));
  return cotangents(c, { 0: da, 6: c.dy[0]! });
}

/** The data's cotangent of a convolution whose weights are `weights`, real numbers of the same shape as input `at`. */
function convolved(c: RuleContext, dy: string, weights: string): string {
  const { b } = c;
  const data = b.dims(c.x[0]!);
  return scatterWindows(b, dy, weights, windowOf(c, spatial(b.dims(weights)), spatial(data)), c.a.int("group", 1), data);
}

function convInteger(c: RuleContext): (string | null)[] {
  return cotangents(c, { 0: convolved(c, c.dy[0]!, centred(c.b, c.x[1]!, c.x[3], 0)) });
}

function qLinearConv(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const [, xScale, , w, wScale, wZero, yScale] = x as [string, string, string, string, string, string, string];
  const dx = convolved(c, ofReal(c, yScale), real(b, w, wScale, wZero, 0));
  return cotangents(c, { 0: b.mul(dx, parameter(b, xScale, b.rank(x[0]!), 1)) });
}

/** com.microsoft QLinearAdd and QLinearMul: inputs A, scale, zero, B, scale, zero, then the output's scale. */
function qLinearBinary(partner: (b: Builder, other: readonly [string, string, string], dy: string) => string): Vjp {
  return (c) => {
    const { b, x } = c;
    const [a, aScale, aZero, w, wScale, wZero, yScale] = x as [string, string, string, string, string, string, string];
    const dy = ofReal(c, yScale);
    const towards = (scale: string, value: string): string => b.mul(value, parameter(b, scale, 0, 0));
    return cotangents(c, { 0: towards(aScale, partner(b, [w, wScale, wZero], dy)), 3: towards(wScale, partner(b, [a, aScale, aZero], dy)) });
  };
}

/** com.microsoft QLinear operators of one input: X, scale, zero, then the output's scale and zero point. */
function qLinearUnary(slope: (c: RuleContext, dy: string) => string): Vjp {
  return (c) => cotangents(c, { 0: c.b.mul(slope(c, ofReal(c, c.x[3]!)), parameter(c.b, c.x[1]!, 0, 0)) });
}

function sigmoidSlope(c: RuleContext, dy: string): string {
  const { b } = c;
  const y = real(b, c.y[0]!, c.x[3]!, c.x[4]);
  return b.mul(dy, b.mul(y, b.sub(b.scalar(1, y), y)));
}

function leakySlope(c: RuleContext, dy: string): string {
  const { b } = c;
  const x = centred(b, c.x[0]!, c.x[2], 1);
  return b.where(b.compare("Greater", x, b.scalar(0, x)), dy, b.scale(dy, c.a.float("alpha", 0.01)));
}

function globalAverage(c: RuleContext, dy: string): string {
  const { b } = c;
  const count = spatial(b.dims(c.x[0]!)).reduce((p, d) => p * d, 1);
  return b.expandLike(b.scale(dy, 1 / count), c.x[0]!);
}

function average(c: RuleContext, dy: string): string {
  const includePad = c.a.int("count_include_pad", 0) !== 0;
  return spreadWindows(c, dy, (inside, padded) => 1 / (includePad ? padded : inside));
}

/** com.microsoft QLinearConcat: output scale and zero point, then three inputs for each part. */
function qLinearConcat(c: RuleContext): (string | null)[] {
  const { b, x } = c;
  const dy = ofReal(c, x[0]!);
  const axis = normalAxis(c.a.int("axis", 0), b.rank(dy));
  const found: Record<number, string> = {};
  let start = 0;
  for (let i = 2; i < x.length; i += 3) {
    const dims = b.dims(x[i]!);
    const end = start + present(dims[axis], "a known size of the joined axis");
    if (c.needs(i)) found[i] = b.mul(b.slice(dy, [axis], [start], [end], dims), parameter(b, x[i + 1]!, 0, 0));
    start = end;
  }
  return cotangents(c, found);
}

const approximate = (vjp: Vjp, refuse?: Parameters<typeof approximateRule>[2]) => approximateRule(vjp, straightThrough, refuse);

const blocked = (node: Node): string | undefined => {
  const size = node.attributes["block_size"];
  return size?.kind === "int" && size.value !== 0 ? "scales for blocks of an axis" : undefined;
};

const channelsLast = (node: Node): string | undefined => {
  const last = node.attributes["channels_last"];
  return last?.kind === "int" && last.value !== 0 ? "channels on the last axis" : undefined;
};

/** Quantised arithmetic: straight-through estimates. */
export const quantized: RuleFamily = {
  QuantizeLinear: approximate(quantizeLinear, blocked),
  DequantizeLinear: approximate(dequantizeLinear, blocked),
  "com.microsoft:QuantizeLinear": approximate(quantizeLinear),
  "com.microsoft:DequantizeLinear": approximate(dequantizeLinear),
  DynamicQuantizeLinear: approximate(dynamicQuantizeLinear),
  MatMulInteger: approximate(matMulInteger),
  ConvInteger: approximate(convInteger, spatialUnknown),
  QLinearMatMul: approximate(qLinearMatMul),
  QLinearConv: approximate(qLinearConv, spatialUnknown),
  "com.microsoft:DynamicQuantizeMatMul": approximate(dynamicQuantizeMatMul),
  "com.microsoft:MatMulIntegerToFloat": approximate(matMulIntegerToFloat),
  "com.microsoft:QLinearAdd": approximate(qLinearBinary((_, __, dy) => dy)),
  "com.microsoft:QLinearMul": approximate(qLinearBinary((b, other, dy) => b.mul(dy, real(b, ...other)))),
  "com.microsoft:QLinearSigmoid": approximate(qLinearUnary(sigmoidSlope)),
  "com.microsoft:QLinearLeakyRelu": approximate(qLinearUnary(leakySlope)),
  "com.microsoft:QLinearGlobalAveragePool": approximate(qLinearUnary(globalAverage), (node, types) => channelsLast(node) ?? spatialUnknown(node, types)),
  "com.microsoft:QLinearAveragePool": approximate(qLinearUnary(average), (node, types) => channelsLast(node) ?? spatialUnknown(node, types)),
  "com.microsoft:QLinearConcat": approximate(qLinearConcat),
};
