import type { Node } from "../../graph/ir.js";
import { chord } from "./chord.js";
import { linear, type Refuse, type SecantFamily, type SecantState } from "./rule.js";

const onlyWrites: Refuse = (node: Node) => {
  const reduction = node.attributes["reduction"];
  return reduction?.kind === "string" && reduction.value !== "none" && reduction.value !== "add"
    ? `a scatter with the reduction ${reduction.value}`
    : undefined;
};

const estimate: SecantState = { state: "approximate", reason: "rounding to quantised numbers is passed straight through, and blocked where it clips" };

/** Operators that move elements or add them with constant weights, and quantised arithmetic. */
export const movementSecants: SecantFamily = {
  ...Object.fromEntries(
    [
      ...["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Tile", "Concat", "Split", "Slice", "Trilu", "ReverseSequence"],
      ...["DepthToSpace", "SpaceToDepth", "Compress", "Resize", "Pad", "Col2Im", "DFT", "STFT"],
    ].map((op) => [op, linear]),
  ),
  ScatterElements: { state: "linear", refuse: onlyWrites },
  ScatterND: { state: "linear", refuse: onlyWrites },
  // With constant scales a pair of these is a step function: its chord.
  QuantizeLinear: chord,
  "com.microsoft:QuantizeLinear": chord,
  DequantizeLinear: linear,
  "com.microsoft:DequantizeLinear": linear,
  "com.microsoft:MatMulNBits": linear,
  "com.microsoft:MatMulBnb4": linear,
  "com.microsoft:FusedConv": { state: "unsupported", reason: "it is laid out as a convolution and an activation first" },
  ...Object.fromEntries(
    [
      ...["DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "QLinearMatMul", "QLinearConv"],
      ...["DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QLinearAdd", "QLinearMul", "QLinearSigmoid", "QLinearLeakyRelu"].map((op) => `com.microsoft:${op}`),
      ...["QLinearGlobalAveragePool", "QLinearAveragePool", "QLinearConcat"].map((op) => `com.microsoft:${op}`),
    ].map((op) => [op, estimate]),
  ),
};
