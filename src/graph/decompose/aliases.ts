import type { Decomposition } from "./fused.js";

/** An operator of com.microsoft that ai.onnx has had since, under the same inputs and attributes. */
export const sameAs =
  (op: string): Decomposition =>
  ({ b, node }) => [b.emit(op, node.inputs, b.type(node.outputs[0] ?? ""), node.attributes)];

/** Unsqueeze at one axis. */
export const expandDims: Decomposition = (f) => [f.b.reshapeLike(f.input(0), f.node.outputs[0] ?? "")];
