import { ExplainError } from "../../base/diagnostic.js";
import { float, type Builder } from "../builder.js";
import { attribute } from "../attributes.js";
import type { Node } from "../ir.js";

/** Emits an activation of a recurrent operator. */
export type Activation = (b: Builder, x: string) => string;

interface Kind {
  /** Defaults where the file gives none; undefined where the activation takes no such number. */
  readonly alpha?: number;
  readonly beta?: number;
  readonly emit: (b: Builder, x: string, alpha: number, beta: number) => string;
}

/** Source: https://onnx.ai/onnx/operators/onnx__LSTM.html; defaults are those of the operators of the same name. */
const kinds: Readonly<Record<string, Kind>> = {
  relu: { emit: (b, x) => b.unary("Relu", x) },
  tanh: { emit: (b, x) => b.unary("Tanh", x) },
  sigmoid: { emit: (b, x) => b.unary("Sigmoid", x) },
  softsign: { emit: (b, x) => b.unary("Softsign", x) },
  softplus: { emit: (b, x) => b.unary("Softplus", x) },
  affine: { alpha: 1, beta: 0, emit: (b, x, alpha, beta) => b.shift(b.scale(x, alpha), beta) },
  leakyrelu: { alpha: 0.01, emit: (b, x, alpha) => b.unary("LeakyRelu", x, { alpha: float(alpha) }) },
  thresholdedrelu: { alpha: 1, emit: (b, x, alpha) => b.where(b.compare("Less", x, b.scalar(alpha, x)), b.scalar(0, x), x) },
  scaledtanh: { alpha: 1, beta: 1, emit: (b, x, alpha, beta) => b.scale(b.unary("Tanh", b.scale(x, beta)), alpha) },
  hardsigmoid: { alpha: 0.2, beta: 0.5, emit: (b, x, alpha, beta) => b.unary("HardSigmoid", x, { alpha: float(alpha), beta: float(beta) }) },
  elu: { alpha: 1, emit: (b, x, alpha) => b.unary("Elu", x, { alpha: float(alpha) }) },
};

/** The activations of every direction, `defaults.length` each. The numbers of `activation_alpha` and `activation_beta` go, in order, to those that take one. */
export function activations(node: Node, defaults: readonly string[], directions: number): Activation[][] {
  const names = attribute(node, "activations", "strings") ?? Array.from({ length: directions }, () => defaults).flat();
  if (names.length !== defaults.length * directions)
    throw new ExplainError(
      "MODEL_INVALID",
      `The node "${node.name}" (${node.op}) names ${names.length} activations where ${defaults.length * directions} are needed.`,
      { node: node.name },
    );
  const alphas = [...(attribute(node, "activation_alpha", "floats") ?? [])];
  const betas = [...(attribute(node, "activation_beta", "floats") ?? [])];
  const all = names.map((name): Activation => {
    const key = name.toLowerCase();
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (kind === undefined)
      throw new ExplainError("MODEL_UNSUPPORTED", `The node "${node.name}" (${node.op}) uses the activation "${name}", which ONNX does not define.`, {
        node: node.name,
      });
    const alpha = kind.alpha === undefined ? 0 : (alphas.shift() ?? kind.alpha);
    const beta = kind.beta === undefined ? 0 : (betas.shift() ?? kind.beta);
    return (b, x) => kind.emit(b, x, alpha, beta);
  });
  return Array.from({ length: directions }, (_, d) => all.slice(d * defaults.length, (d + 1) * defaults.length));
}
