import { attribute } from "../attributes.js";
import type { Graph, Node } from "../ir.js";

/** Operators whose output has the rank of their first input. */
const same = new Set([
  "Relu",
  "Sigmoid",
  "Tanh",
  "Elu",
  "LeakyRelu",
  "Selu",
  "Softplus",
  "Softsign",
  "HardSigmoid",
  "Exp",
  "Log",
  "Neg",
  "Abs",
  "Sqrt",
  "Erf",
  "Clip",
  "Identity",
  "Dropout",
  "Cast",
  "Softmax",
  "LogSoftmax",
  "BatchNormalization",
  "InstanceNormalization",
  "LRN",
  "Conv",
  "ConvTranspose",
  "MaxPool",
  "AveragePool",
  "GlobalAveragePool",
  "GlobalMaxPool",
  "Pad",
  "Slice",
  "Concat",
]);
const broadcasting = new Set(["Add", "Sub", "Mul", "Div", "Pow", "Sum", "Max", "Min", "PRelu", "MatMul"]);

/** Ranks that the graph itself tells: declared ones, constants, and what follows from the plainest operators. Others are missing. */
export function knownRanks(graph: Graph, constantLength: (name: string) => number | undefined): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const info of [...graph.inputs, ...graph.outputs]) if (info.dims !== null) ranks.set(info.name, info.dims.length);
  for (const [name, initializer] of graph.initializers) ranks.set(name, initializer.dims.length);
  for (const node of graph.nodes) {
    const output = node.outputs[0];
    const rank = node.domain === "" ? rankOf(node, ranks, constantLength) : undefined;
    if (output !== undefined && rank !== undefined && !ranks.has(output)) ranks.set(output, rank);
  }
  return ranks;
}

function rankOf(node: Node, ranks: ReadonlyMap<string, number>, constantLength: (name: string) => number | undefined): number | undefined {
  const first = ranks.get(node.inputs[0] ?? "");
  if (node.op === "Gemm" || node.op === "Flatten") return 2;
  if (node.op === "Constant") return attribute(node, "value", "tensor")?.dims.length;
  if (node.op === "Reshape") return constantLength(node.inputs[1] ?? "");
  if (node.op === "Transpose") return attribute(node, "perm", "ints")?.length ?? first;
  if (same.has(node.op)) return first;
  if (!broadcasting.has(node.op)) return undefined;
  const all = node.inputs.map((name) => ranks.get(name));
  if (node.op === "MatMul" && all.some((r) => r !== undefined && r < 2)) return undefined;
  return all.every((r) => r !== undefined) ? Math.max(...all) : undefined;
}
