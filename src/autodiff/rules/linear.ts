import { without } from "../../graph/attributes.js";
import type { Dim, Node, Types } from "../../graph/ir.js";
import type { RuleContext, RuleFamily } from "../rule.js";
import { rule } from "../rule.js";
import { inversePermutation, product } from "./axes.js";
import { einsum } from "./einsum.js";

/** dY · Bᵀ. A constant matrix B is read in place by Gemm's transB: a transposed copy of the weights is never made. */
function timesTransposed(c: RuleContext, dy: string, right: string): string {
  const { b } = c;
  const dims = b.dims(dy);
  const lead = dims.slice(0, -1);
  if (!b.initializers.has(right) || b.rank(right) !== 2 || dims.length < 2 || lead.filter((d) => d === null).length > 1)
    return b.matmul(dy, b.transposeLast(right));
  const [k, n] = b.dims(right) as [number, number];
  const rows = product(lead);
  const { dtype } = b.type(dy);
  const flat = dims.length === 2 ? dy : b.reshape(dy, [rows, n]);
  const out = b.emit("Gemm", [flat, right], { dtype, dims: [rows, k] }, { transB: 1 });
  return dims.length === 2 ? out : b.reshape(out, [...lead, k]);
}

/** Y = A·B with numpy's rules for vectors and leading axes. Source: https://onnx.ai/onnx/operators/onnx__MatMul.html */
export function matmulVjp(c: RuleContext, left: string, right: string, dyRaw: string): [string | null, string | null] {
  const { b } = c;
  const leftVector = b.rank(left) === 1;
  const rightVector = b.rank(right) === 1;
  const left2 = leftVector ? b.unsqueeze(left, [0]) : left;
  const right2 = rightVector ? b.unsqueeze(right, [1]) : right;
  let dy = rightVector ? b.unsqueeze(dyRaw, [b.rank(dyRaw)]) : dyRaw;
  if (leftVector) dy = b.unsqueeze(dy, [b.rank(dy) - 1]);
  // The axis that a vector on the left lacks is summed away by the driver, like every other leading axis.
  const dLeft = c.needs(0) ? timesTransposed(c, dy, right2) : null;
  const dRight = c.needs(1) ? b.matmul(b.transposeLast(left2), dy) : null;
  return [dLeft, dRight !== null && rightVector ? b.squeeze(dRight, [-1]) : dRight];
}

function matmul(c: RuleContext): (string | null)[] {
  return matmulVjp(c, c.x[0]!, c.x[1]!, c.dy[0]!);
}

/** Y = α·A′·B′ + β·C. Source: https://onnx.ai/onnx/operators/onnx__Gemm.html */
function gemm(c: RuleContext): (string | null)[] {
  const { b, a, x } = c;
  const [left, right] = [x[0]!, x[1]!];
  const dy = c.dy[0]!;
  const { dtype } = b.type(dy);
  const transA = a.int("transA", 0);
  const transB = a.int("transB", 0);
  const alpha = { kind: "float", value: a.float("alpha", 1) } as const;
  const times = (p: string, q: string, transP: number, transQ: number, dims: readonly Dim[]): string =>
    b.emit("Gemm", [p, q], { dtype, dims }, { alpha, transA: transP, transB: transQ });
  const dLeft = !c.needs(0) ? null : transA === 0 ? times(dy, right, 0, 1 - transB, b.dims(left)) : times(right, dy, transB, 1, b.dims(left));
  const dRight = !c.needs(1) ? null : transB === 0 ? times(left, dy, 1 - transA, 0, b.dims(right)) : times(dy, left, 1, transA, b.dims(right));
  const dBias = x.length > 2 && x[2] !== "" && c.needs(2) ? b.scale(dy, a.float("beta", 1)) : null;
  return x.length > 2 ? [dLeft, dRight, dBias] : [dLeft, dRight];
}

/**
 * com.microsoft FusedMatMul: α · A′ · B′ where trans swaps the last two axes and transBatch moves the first axis behind the other leading ones.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedMatMul
 */
function fusedMatMul(c: RuleContext): (string | null)[] {
  const { b, a } = c;
  const orders = ["A", "B"].map((side, i) => operandOrder(b.rank(c.x[i]!), a.int(`trans${side}`, 0), a.int(`transBatch${side}`, 0)));
  const [left, right] = orders.map((perm, i) => b.transpose(c.x[i]!, perm));
  const cotangents = matmulVjp(c, left!, right!, b.scale(c.dy[0]!, a.float("alpha", 1)));
  return cotangents.map((d, i) => {
    if (d === null) return null;
    const back = inversePermutation(orders[i]!);
    // A cotangent of the broadcast shape has its extra axes in front: sum them before the operand's own axes are moved back.
    return b.transpose(b.sumTo(d, b.dims(i === 0 ? left! : right!)), back);
  });
}

function operandOrder(rank: number, trans: number, transBatch: number): number[] {
  const order = Array.from({ length: rank }, (_, i) => i);
  if (rank < 2) return order;
  if (transBatch !== 0) {
    // [b0, …, bn, m, k] is stored as [m, b0, …, bn, k].
    const stored = [...order.slice(1, rank - 1), 0, rank - 1];
    order.splice(0, rank, ...stored);
  }
  if (trans !== 0) order.push(...order.splice(rank - 2, 2).reverse());
  return order;
}

const hasVector = (node: Node, types: Types): string | undefined =>
  node.inputs.some((name) => (types.get(name)?.dims.length ?? 2) < 2) ? "FusedMatMul of a vector" : undefined;

/**
 * com.microsoft MatMulNBits and MatMulBnb4: x · W with W packed into a few bits a number. What the operator makes of the identity is W, whatever the packing.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits
 */
function packedWeights(c: RuleContext): (string | null)[] {
  const { b, node, x } = c;
  const [rows, columns] = [c.a.int("K", 0), c.a.int("N", 0)];
  const { dtype } = b.type(x[0]!);
  const square = { dtype, dims: [rows, rows] };
  const identity = b.emit("EyeLike", [b.emit("Expand", [b.scalar(0, x[0]!), b.ints([rows, rows])], square)], square);
  const weights = b.emit(node.op, [identity, ...x.slice(1, 5)], { dtype, dims: [rows, columns] }, without(node.attributes, "accuracy_level"), node.domain);
  return x.map((_, i) => (i === 0 ? b.matmul(c.dy[0]!, b.transposeLast(weights)) : i === 5 ? c.dy[0]! : null));
}

/** com.microsoft Inverse of the last two axes: −Yᵀ · dY · Yᵀ. */
function inverse(c: RuleContext): (string | null)[] {
  const { b } = c;
  const turned = b.transposeLast(c.y[0]!);
  return [b.neg(b.matmul(b.matmul(turned, c.dy[0]!), turned))];
}

/** The derivative of a determinant is the transposed adjugate, Y · X⁻ᵀ: not a number where X has no inverse. */
function determinant(c: RuleContext): (string | null)[] {
  const { b } = c;
  const x = c.x[0]!;
  const inverted = b.emit("Inverse", [x], b.type(x), {}, "com.microsoft");
  return [b.mul(b.unsqueeze(b.mul(c.dy[0]!, c.y[0]!), [-2, -1]), b.transposeLast(inverted))];
}

/** Matrix products. */
export const linear: RuleFamily = {
  MatMul: rule(matmul),
  Gemm: rule(gemm),
  Einsum: rule(einsum),
  Det: rule(determinant),
  "com.microsoft:Inverse": rule(inverse),
  "com.microsoft:MatMulBnb4": rule(packedWeights),
  "com.microsoft:MatMulNBits": rule(packedWeights),
  "com.microsoft:FusedMatMul": rule(fusedMatMul, hasVector),
  "com.microsoft:TransposeMatMul": rule(fusedMatMul, hasVector),
};
