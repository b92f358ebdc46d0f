import type { Decomposition } from "./fused.js";

/** Gelu(A + B), exact. */
export const biasGelu: Decomposition = ({
  b,
  node: {
    inputs: [x = "", bias = ""],
  },
}) => [b.unary("Gelu", b.add(x, bias))];

/** Gelu of com.microsoft is Gelu of ai.onnx, exact. */
export const gelu: Decomposition = (f) => [f.b.unary("Gelu", f.input(0))];

/** Gelu's tanh approximation, with an optional bias. */
export const fastGelu: Decomposition = (f) => [f.b.unary("Gelu", f.has(1) ? f.b.add(f.input(0), f.input(1)) : f.input(0), { approximate: "tanh" })];

/** x · sigmoid(α x) */
export const quickGelu: Decomposition = (f) => {
  const x = f.input(0);
  return [f.b.mul(x, f.b.unary("Sigmoid", f.b.scale(x, f.float("alpha", 1.702))))];
};
