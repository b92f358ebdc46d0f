import type { Builder } from "../builder.js";
import type { Node } from "../ir.js";
import { lstm } from "./lstm.js";
import type { Cell } from "./recurrent.js";

/**
 * com.microsoft DynamicQuantizeLSTM: an LSTM with quantised weights, whose input and hidden states are quantised as they come.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeLSTM
 */
export const dynamicQuantizeLstm: Cell = { ...lstm, enters: rounded, plain };

/** To eight bits over the range of all its values, and back. */
function rounded(b: Builder, x: string): string {
  const { dims } = b.type(x);
  const [q = "", scale = "", zero = ""] = b.emitMany(
    "DynamicQuantizeLinear",
    [x],
    [
      { dtype: "uint8", dims },
      { dtype: "float32", dims: [] },
      { dtype: "uint8", dims: [] },
    ],
  );
  return b.emit("DequantizeLinear", [q, scale, zero], { dtype: "float32", dims });
}

/** Its inputs in the order of LSTM's, the weights as real numbers: [directions, 4 · hidden, …] of [directions, …, 4 · hidden] with scales and zero points behind. */
function plain(b: Builder, node: Node): Node {
  const input = (i: number): string => node.inputs[i] ?? "";
  const real = (weights: string, scale: string, zero: string): string => {
    const across = (parameter: string): string => b.unsqueeze(parameter, b.rank(parameter) === 1 ? [1, 2] : [1]);
    const centred = b.sub(b.cast(weights, "float32"), b.cast(across(zero), "float32"));
    return b.transpose(b.mul(centred, across(scale)), [0, 2, 1]);
  };
  const [w, r] = [real(input(1), input(8), input(9)), real(input(2), input(10), input(11))];
  return { ...node, inputs: [input(0), w, r, ...node.inputs.slice(3, 8)] };
}
