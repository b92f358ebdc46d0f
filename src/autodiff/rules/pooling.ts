import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { RuleContext, RuleFamily } from "../rule.js";
import { rule } from "../rule.js";
import { contractAxis, floatConstant, product, range } from "./axes.js";
import { spatial, spatialUnknown, windowOf, type Window } from "./window.js";

function poolWindow(c: RuleContext): Window {
  return windowOf(c, present(c.a.ints("kernel_shape"), "kernel_shape"), spatial(c.b.dims(c.x[0]!)));
}

/** Up to this many weights, one matrix for all axes costs less than a product for each. */
const largestJoint = 1 << 14;

/**
 * The adjoint of summing windows. Windows are boxes, so it is one small matrix product an axis, or one for all where that is small: row o of the matrix has a
 * weight at each position that window o covers. `share` is that weight, given how many taps lie inside the input and how many inside the padded input.
 */
export function spreadWindows(c: RuleContext, dy: string, share: (inside: number, padded: number) => number): string {
  const { b } = c;
  const w = poolWindow(c);
  const sizes = spatial(b.dims(c.x[0]!));
  const { dtype } = b.type(dy);
  const matrices = sizes.map((size, i): AxisMatrix => {
    const taken = present(b.dims(dy)[i + 2], "a known output size");
    const matrix = new Float64Array(taken * size);
    for (let o = 0; o < taken; o++) {
      const start = o * w.strides[i]! - w.head[i]!;
      const taps = range(w.kernel[i]!).map((k) => start + k * w.dilations[i]!);
      const inside = taps.filter((t) => t >= 0 && t < size);
      const padded = taps.filter((t) => t < size + w.tail[i]!).length;
      for (const t of inside) matrix[o * size + t] = share(inside.length, padded);
    }
    return { taken, size, matrix };
  });
  const weights = matrices.reduce((n, { taken, size }) => n * taken * size, 1);
  if (matrices.length > 1 && weights <= largestJoint) {
    const joint = matrices.reduce(kronecker);
    const flat = b.reshape(dy, [product(b.dims(dy).slice(0, 2)), joint.taken]);
    return b.reshapeLike(b.matmul(flat, floatConstant(b, dtype, [joint.taken, joint.size], joint.matrix)), c.x[0]!);
  }
  return matrices.reduce((out, { taken, size, matrix }, i) => contractAxis(b, out, i + 2, floatConstant(b, dtype, [taken, size], matrix)), dy);
}

interface AxisMatrix {
  readonly taken: number;
  readonly size: number;
  /** [taken, size] */
  readonly matrix: Float64Array;
}

function kronecker(p: AxisMatrix, q: AxisMatrix): AxisMatrix {
  const [taken, size] = [p.taken * q.taken, p.size * q.size];
  const matrix = new Float64Array(taken * size);
  for (let i = 0; i < p.taken; i++)
    for (let k = 0; k < p.size; k++)
      for (let j = 0; j < q.taken; j++)
        matrix.set(
          q.matrix.subarray(j * q.size, (j + 1) * q.size).map((v) => v * p.matrix[i * p.size + k]!),
          (i * q.taken + j) * size + k * q.size,
        );
  return { taken, size, matrix };
}

function averagePool(c: RuleContext): string[] {
  const includePad = c.a.int("count_include_pad", 0) !== 0;
  return [spreadWindows(c, c.dy[0]!, (inside, padded) => 1 / (includePad ? padded : inside))];
}

/** dy · y^(1−p), 0 where y is 0: the common factor of an Lp norm's derivative. */
function normFactor(b: Builder, dy: string, y: string, p: number): string {
  const nonzero = b.compare("Greater", y, b.scalar(0, y));
  const safe = b.where(nonzero, y, b.scalar(1, y));
  return b.where(nonzero, b.mul(dy, b.pow(safe, b.scalar(1 - p, y))), b.scalar(0, dy));
}

/** d|x|^p / p dx = sign(x) · |x|^(p−1). */
function normSlope(b: Builder, x: string, p: number): string {
  const sign = b.unary("Sign", x);
  if (p === 1) return sign;
  if (p === 2) return x;
  return b.mul(sign, b.pow(b.unary("Abs", x), b.scalar(p - 1, x)));
}

function lpPool(c: RuleContext): string[] {
  const { b } = c;
  const p = c.a.int("p", 2);
  const spread = spreadWindows(c, normFactor(b, c.dy[0]!, c.y[0]!, p), () => 1);
  return [b.mul(spread, normSlope(b, c.x[0]!, p))];
}

/** Each window's cotangent goes to the position of its maximum (the first of equal ones), overlapping windows add up. */
function maxPool(c: RuleContext): string[] {
  const { b, y, node } = c;
  const [x, dy] = [c.x[0]!, c.dy[0]!];
  const { dtype } = b.type(dy);
  let indices = y[1] ?? "";
  if (indices === "" || c.a.int("storage_order", 0) !== 0) {
    const { storage_order: _, ...attributes } = node.attributes;
    indices = b.emitMany("MaxPool", [x], [b.type(y[0]!), { dtype: "int64", dims: b.dims(y[0]!) }], attributes)[1]!;
  }
  const count = product(b.dims(dy));
  const zeros = b.reshape(b.zerosLike(x), [product(b.dims(x))]);
  const placed = b.emit(
    "ScatterElements",
    [zeros, b.reshape(indices, [count]), b.reshape(dy, [count])],
    { dtype, dims: b.dims(zeros) },
    { axis: 0, reduction: "add" },
  );
  return [b.reshapeLike(placed, x)];
}

function globalAveragePool(c: RuleContext): string[] {
  const { b } = c;
  const count = spatial(b.dims(c.x[0]!)).reduce((p, d) => p * d, 1);
  return [b.expandLike(b.scale(c.dy[0]!, 1 / count), c.x[0]!)];
}

function globalMaxPool(c: RuleContext): string[] {
  const { b } = c;
  const x = c.x[0]!;
  const [n = null, channels = null] = b.dims(x);
  const positions = spatial(b.dims(x)).reduce((p, d) => p * d, 1);
  const flat = b.reshape(x, [n, channels, positions]);
  const first = b.emit("ArgMax", [flat], { dtype: "int64", dims: [n, channels, 1] }, { axis: 2, keepdims: 1 });
  const chosen = b.compare("Equal", first, b.constant("int64", [positions], range(positions)));
  const dy = b.reshape(c.dy[0]!, [n, channels, 1]);
  return [b.reshapeLike(b.where(chosen, dy, b.scalar(0, dy)), x)];
}

function globalLpPool(c: RuleContext): string[] {
  const { b } = c;
  const p = c.a.int("p", 2);
  return [b.mul(normFactor(b, c.dy[0]!, c.y[0]!, p), normSlope(b, c.x[0]!, p))];
}

/** Y has X at the given flat positions of the whole output. */
function maxUnpool(c: RuleContext): (string | null)[] {
  const { b } = c;
  const dy = c.dy[0]!;
  const flat = b.reshape(dy, [product(b.dims(dy))]);
  const taken = b.emit("Gather", [flat, c.x[1]!], { dtype: b.type(dy).dtype, dims: b.dims(c.x[1]!) }, { axis: 0 });
  return [taken, null, null].slice(0, c.x.length);
}

/** Pooling of one to three spatial axes. */
export const pooling: RuleFamily = {
  MaxPool: rule(maxPool),
  AveragePool: rule(averagePool, spatialUnknown),
  LpPool: rule(lpPool, spatialUnknown),
  GlobalAveragePool: rule(globalAveragePool, spatialUnknown),
  GlobalMaxPool: rule(globalMaxPool, spatialUnknown),
  GlobalLpPool: rule(globalLpPool),
  MaxUnpool: rule(maxUnpool),
};
