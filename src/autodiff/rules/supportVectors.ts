import { attribute } from "../../graph/attributes.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/ir.js";
import { isFloat } from "../../tensor/dtype.js";
import { rule, type RuleContext, type RuleFamily } from "../rule.js";
import { floatConstant } from "./axes.js";
import { behindTransform } from "./postTransform.js";

/** Support vector machines: scores are weighted sums of kernels K(x, v) over the support vectors v. Source: https://onnx.ai/onnx/operators/index.html#ai-onnx-ml */
export const supportVectors: RuleFamily = {
  "ai.onnx.ml:SVMRegressor": rule(regressor, (node) =>
    node.attributes["one_class"]?.value === 1 ? "with one_class it gives a sign, whose derivative is zero wherever there is one" : refuseKernel(node),
  ),
  "ai.onnx.ml:SVMClassifier": rule(classifier, (node) => refuseKernel(node) ?? refuseScores(node)),
};

function regressor(c: RuleContext): (string | null)[] {
  const coefficients = c.a.floats("coefficients") ?? [];
  const vectors = c.a.int("n_supports", 0);
  const weights = floatConstant(c.b, "float32", [1, coefficients.length], coefficients);
  const back = c.b.matmul(c.dy[0]!, weights);
  // Without support vectors the coefficients are those of the features.
  return [toInput(c, vectors > 0 ? throughKernels(c, back, vectors) : back)];
}

function classifier(c: RuleContext): (string | null)[] {
  if (c.dy[1] === "" || c.dy[1] === undefined) return [null];
  const coefficients = c.a.floats("coefficients") ?? [];
  const counts = c.a.ints("vectors_per_class") ?? [];
  if (counts.length === 0) {
    const features = c.b.dims(c.x[0]!).at(-1) ?? 1;
    const weights = floatConstant(c.b, "float32", [coefficients.length / features, features], coefficients);
    return [toInput(c, c.b.matmul(behindTransform(c, c.y[1]!, c.dy[1]), weights))];
  }
  const vectors = counts.reduce((sum, n) => sum + n, 0);
  const rows = pairWeights(counts, coefficients);
  const weights = floatConstant(c.b, "float32", [rows.length, vectors], rows.flat());
  const scores = counts.length === 2 ? behindTwoClasses(c, c.y[1]!, c.dy[1]) : behindTransform(c, c.y[1]!, c.dy[1]);
  return [toInput(c, throughKernels(c, c.b.matmul(scores, weights), vectors))];
}

/** For each pair of classes (0-1, 0-2, …, 1-2, …), the weight of every vector's kernel: only vectors of the two classes count, each with its coefficient against the other class. */
function pairWeights(counts: readonly number[], coefficients: readonly number[]): number[][] {
  const total = counts.reduce((sum, n) => sum + n, 0);
  const classOf = counts.flatMap((n, k) => new Array<number>(n).fill(k));
  const against = (row: number, vector: number): number => coefficients[row * total + vector] ?? 0;
  return counts.flatMap((_, i) =>
    counts.slice(i + 1).map((__, k) => {
      const j = i + 1 + k;
      return classOf.map((own, v) => (own === i ? against(j - 1, v) : own === j ? against(i, v) : 0));
    }),
  );
}

/** Two classes have one score s: the output is −s and s, or Platt's probability p = 1/(1 + exp(a·s + b)) and 1 − p. The cotangent [rows, 1] of s. */
function behindTwoClasses(c: RuleContext, y: string, dy: string): string {
  const { b, a } = c;
  const column = (value: string, k: number): string => b.slice(value, [1], [k], [k + 1], [b.dims(value)[0] ?? null, 1]);
  const slope = a.floats("prob_a")?.[0];
  if (slope === undefined) {
    const behind = behindTransform(c, y, dy);
    return b.sub(column(behind, 1), column(behind, 0));
  }
  const p = column(y, 0);
  return b.mul(b.sub(column(dy, 0), column(dy, 1)), b.scale(b.mul(p, b.sub(b.scalar(1, p), p)), -slope));
}

/** The cotangent [rows, features] behind that of the kernels [rows, vectors], for K = x·v, (γ x·v + c)ᵈ, tanh(γ x·v + c) or exp(−γ|x − v|²). */
function throughKernels(c: RuleContext, dk: string, vectors: number): string {
  const { b, a } = c;
  const x = b.cast(c.x[0]!, "float32");
  const given = a.floats("support_vectors") ?? [];
  const support = floatConstant(b, "float32", [vectors, given.length / vectors], given);
  const [gamma = 0, offset = 0, degree = 0] = a.floats("kernel_params") ?? [];
  const products = b.matmul(x, b.transposeLast(support));
  const inner = (): string => b.shift(b.scale(products, gamma), offset);
  switch (a.string("kernel_type", "LINEAR")) {
    case "POLY":
      return b.matmul(b.mul(dk, b.scale(power(b, inner(), degree - 1), degree * gamma)), support);
    case "SIGMOID": {
      const k = b.unary("Tanh", inner());
      return b.matmul(b.mul(dk, b.scale(b.sub(b.scalar(1, k), b.mul(k, k)), gamma)), support);
    }
    case "RBF": {
      const norms = b.mul(support, support);
      const distance = b.add(b.sub(b.sum(b.mul(x, x), [1]), b.scale(products, 2)), b.transpose(b.sum(norms, [1]), [1, 0]));
      const weighted = b.mul(dk, b.unary("Exp", b.scale(distance, -gamma)));
      return b.scale(b.sub(b.matmul(weighted, support), b.mul(b.sum(weighted, [1]), x)), 2 * gamma);
    }
    default:
      return b.matmul(dk, support);
  }
}

function power(b: Builder, x: string, exponent: number): string {
  return exponent === 0 ? b.onesLike(x) : exponent === 1 ? x : b.pow(x, b.scalar(exponent, x));
}

function toInput({ b, x }: RuleContext, cotangent: string): string | null {
  const { dtype } = b.type(x[0]!);
  return isFloat(dtype) ? b.cast(b.reshapeLike(cotangent, x[0]!), dtype) : null;
}

function refuseKernel(node: Node): string | undefined {
  const kernel = attribute(node, "kernel_type", "string") ?? "LINEAR";
  return ["LINEAR", "POLY", "RBF", "SIGMOID"].includes(kernel) ? undefined : `its kernel ${kernel} is not differentiable`;
}

function refuseScores(node: Node): string | undefined {
  const classes = attribute(node, "vectors_per_class", "ints")?.length ?? 0;
  const transform = attribute(node, "post_transform", "string") ?? "NONE";
  if (node.attributes["prob_a"] !== undefined && classes > 2) return "probabilities of more than two classes come out of an iteration, which has no rule";
  const smooth = transform === "NONE" || transform === "LOGISTIC" || (transform === "SOFTMAX" && classes !== 2);
  return smooth && (transform === "NONE" || node.attributes["prob_a"] === undefined) ? undefined : `its post_transform ${transform} has no rule here`;
}
