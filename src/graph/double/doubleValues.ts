import { onnxCode } from "../../tensor/dtype.js";
import { attribute } from "../attributes.js";
import type { Graph, Node } from "../ir.js";

/** Operators that give integers or truth values whatever they read. */
const countsAndTruths = new Set([
  ...["Shape", "Size", "ArgMax", "ArgMin", "NonZero", "NonMaxSuppression", "Unique", "IsNaN", "IsInf", "SequenceLength", "OptionalHasElement"],
  ...["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "Not", "QuantizeLinear", "DynamicQuantizeLinear", "StringConcat"],
]);

/** The values of a graph that are float64, by the plainest reading of each operator: what reads a double gives one. `outer`: those of the graphs around it. */
export function doubleValues(graph: Graph, outer: ReadonlySet<string> = new Set()): Set<string> {
  const doubles = new Set(outer);
  for (const input of graph.inputs) if (input.dtype === "float64") doubles.add(input.name);
  for (const initializer of graph.initializers.values()) if (initializer.dtype === "float64") doubles.add(initializer.name);
  for (const node of graph.nodes) {
    const given = doubleOutputs(node, doubles);
    node.outputs.forEach((output, i) => {
      if (output !== "" && given(i)) doubles.add(output);
    });
  }
  return doubles;
}

function doubleOutputs(node: Node, doubles: ReadonlySet<string>): (i: number) => boolean {
  const reads = (i: number): boolean => doubles.has(node.inputs[i] ?? "");
  const always = (answer: boolean) => (): boolean => answer;
  if (node.domain === "ai.onnx.ml" || countsAndTruths.has(node.op)) return always(false);
  const named = attribute(node, node.op === "Cast" ? "to" : "dtype", "int");
  if (named !== undefined) return always(named === onnxCode.float64);
  switch (node.op) {
    case "Constant":
    case "ConstantOfShape":
      return always(attribute(node, "value", "tensor")?.dtype === "float64");
    case "CastLike":
      return always(reads(1));
    case "If": {
      const branch = attribute(node, "then_branch", "graph");
      return branch === undefined ? always(false) : outputsOf(branch, doubles, 0);
    }
    case "Loop":
    case "Scan": {
      const body = attribute(node, "body", "graph");
      return body === undefined ? always(false) : outputsOf(body, doubles, node.op === "Loop" ? 1 : 0);
    }
    default:
      return always(node.inputs.some((_, i) => reads(i)));
  }
}

function outputsOf(body: Graph, outer: ReadonlySet<string>, skipped: number): (i: number) => boolean {
  const inside = doubleValues(body, outer);
  return (i) => inside.has(body.outputs[i + skipped]?.name ?? "");
}
