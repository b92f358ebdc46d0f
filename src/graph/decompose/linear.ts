import { float, type Builder } from "../builder.js";
import { without } from "../attributes.js";
import type { Decomposition } from "./fused.js";

/** α · op(A) op(B). Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedMatMul */
export const fusedMatMul: Decomposition = (f) => {
  const { b } = f;
  const side = (i: number, letter: "A" | "B"): string => {
    const rank = b.rank(f.input(i));
    const batch = f.int(`transBatch${letter}`, 0) === 1 && rank > 2;
    const moved = batch ? b.transpose(f.input(i), [...Array.from({ length: rank - 2 }, (_, k) => k + 1), 0, rank - 1]) : f.input(i);
    return f.int(`trans${letter}`, 0) === 1 && rank > 1 ? b.transposeLast(moved) : moved;
  };
  return [b.scale(b.matmul(side(0, "A"), side(1, "B")), f.float("alpha", 1))];
};

/** Gemm with an activation. */
export const fusedGemm: Decomposition = (f) => {
  const { b, node } = f;
  const attributes = Object.fromEntries(Object.entries(node.attributes).filter(([name]) => !name.startsWith("activation")));
  const y = b.emit("Gemm", node.inputs, b.type(node.outputs[0] ?? ""), attributes);
  return activated(b, y, f.string("activation", ""), [f.float("activation_alpha", 0), f.float("activation_beta", 0)]);
};

/** Conv, an optional addend, an activation. */
export const fusedConv: Decomposition = (f) => {
  const { b, node } = f;
  const type = b.type(node.outputs[0] ?? "");
  const inputs = f.has(2) ? node.inputs.slice(0, 3) : node.inputs.slice(0, 2);
  const y = b.emit("Conv", inputs, type, without(node.attributes, "activation", "activation_params"));
  return activated(b, f.has(3) ? b.add(y, f.input(3)) : y, f.string("activation", ""), f.floats("activation_params"));
};

function activated(b: Builder, x: string, name: string, [p = 0, q = 0]: readonly number[]): readonly string[] | { reason: string } {
  switch (name) {
    case "":
      return [x];
    case "Relu":
    case "Sigmoid":
    case "Tanh":
    case "Softplus":
    case "Softsign":
      return [b.unary(name, x)];
    case "LeakyRelu":
      return [b.unary("LeakyRelu", x, { alpha: float(p) })];
    case "Elu":
      return [b.unary("Elu", x, { alpha: float(p) })];
    case "HardSigmoid":
      return [b.unary("HardSigmoid", x, { alpha: float(p), beta: float(q) })];
    case "Clip":
      return [b.emit("Clip", [x, b.scalar(p, x), b.scalar(q, x)], b.type(x))];
    default:
      return { reason: `the fused activation "${name}" is not known` };
  }
}
