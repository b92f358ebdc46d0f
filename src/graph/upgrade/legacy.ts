import { ExplainError } from "../../base/diagnostic.js";
import { attribute, without } from "../attributes.js";
import type { Node } from "../ir.js";
import { int, node as make, type Step } from "./step.js";

/** Opsets 1 to 6, as far as operators were only written differently then. Source: https://github.com/onnx/onnx/blob/main/docs/Changelog.md */

/** Broadcasting was asked for by attributes: without `axis` it is today's, with it the second operand starts at that axis. */
const elementwise: Step = (node, c) => {
  const axis = attribute(node, "axis", "int");
  const attributes = without(node.attributes, "broadcast", "axis");
  const [a = "", b = ""] = node.inputs;
  const [rank, own] = [c.rank(a), c.rank(b)];
  if (axis === undefined || axis === -1) return [{ ...node, attributes }];
  if (rank === undefined || own === undefined) throw refusal(node, "its operands' ranks are not known");
  const extra = rank - own - axis;
  if (extra <= 0) return [{ ...node, attributes }];
  const wide = c.fresh();
  return [make(wide, "Unsqueeze", [b, c.ints(Array.from({ length: extra }, (_, i) => own + i))], [wide]), { ...node, inputs: [a, wide], attributes }];
};

const stripped =
  (...names: readonly string[]): Step =>
  (node) => [{ ...node, attributes: without(node.attributes, ...names) }];

const reshape: Step = (node, c) => {
  const shape = attribute(node, "shape", "ints");
  return [shape === undefined ? node : { ...node, inputs: [node.inputs[0] ?? "", c.ints(shape)], attributes: {} }];
};

const concat: Step = (node) => [{ ...node, attributes: { axis: int(attribute(node, "axis", "int") ?? 1) } }];

const refuse: Step = (node) => {
  throw refusal(node, "its form of that time is not supported");
};

function refusal(node: Node, why: string): ExplainError {
  return new ExplainError(
    "MODEL_UNSUPPORTED",
    `The file is older than opset 7, and the node "${node.name}" (${node.op}) can't be brought up to date: ${why}.`,
    {
      node: node.name,
      hint: "Convert the model with onnx.version_converter, or export it again.",
    },
  );
}

const binary = ["Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Greater", "Less", "Equal"];

/** What applies to files before opset 7, ahead of the table; other operators only lose `consumed_inputs`. */
export const legacy: Readonly<Record<string, Step>> = {
  ...Object.fromEntries(binary.map((name) => [name, elementwise])),
  BatchNormalization: stripped("consumed_inputs", "is_test"),
  Cast: (node, c) => (node.attributes["to"]?.kind === "int" ? [node] : refuse(node, c)),
  Concat: concat,
  GRU: refuse,
  Gemm: stripped("broadcast"),
  LSTM: refuse,
  Reshape: reshape,
  RNN: refuse,
  Tile: (node, c) => (node.inputs.length === 2 ? [node] : refuse(node, c)),
  Upsample: refuse,
};
