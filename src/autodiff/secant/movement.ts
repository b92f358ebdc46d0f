import type { Node } from "../../graph/ir.js";
import { linear, type Refuse, type SecantFamily } from "./rule.js";

const onlyWrites: Refuse = (node: Node) => {
  const reduction = node.attributes["reduction"];
  return reduction?.kind === "string" && reduction.value !== "none" && reduction.value !== "add"
    ? `a scatter with the reduction ${reduction.value}`
    : undefined;
};

/** Operators that move elements or add them with constant weights. */
export const movementSecants: SecantFamily = {
  ...Object.fromEntries(
    [
      ...["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Tile", "Concat", "Split", "Slice", "Trilu", "ReverseSequence"],
      ...["DepthToSpace", "SpaceToDepth", "Compress", "Resize", "Pad", "Col2Im", "DFT", "STFT"],
    ].map((op) => [op, linear]),
  ),
  ScatterElements: { state: "linear", refuse: onlyWrites },
  ScatterND: { state: "linear", refuse: onlyWrites },
  "com.microsoft:MatMulNBits": linear,
  "com.microsoft:MatMulBnb4": linear,
  "com.microsoft:FusedConv": { state: "unsupported", reason: "it is laid out as a convolution and an activation first" },
};
