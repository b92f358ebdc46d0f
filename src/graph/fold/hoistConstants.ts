import { ExplainError } from "../../base/diagnostic.js";
import { tensor, type Tensor } from "../../tensor/tensor.js";
import { mapSubgraphs } from "../attributes.js";
import { toInitializer } from "../initializer.js";
import type { Attribute, Graph, Initializer, Node } from "../ir.js";

/** The graph with its Constant nodes as initializers of the same names, in subgraphs too. Some exporters keep all weights in such nodes. */
export function hoistConstants(graph: Graph): Graph {
  const initializers = new Map<string, Initializer>(graph.initializers);
  const outputs = new Set(graph.outputs.map((o) => o.name));
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const name = node.outputs[0] ?? "";
    // A graph output stays the output of a node: not every consumer of a graph accepts a bare constant there.
    if (node.op === "Constant" && node.domain === "" && !outputs.has(name)) initializers.set(name, toInitializer(name, constantValue(node)));
    else nodes.push(mapSubgraphs(node, hoistConstants));
  }
  return { ...graph, nodes, initializers };
}

/** The value of a Constant node, whichever of its attributes holds it. Throws MODEL_UNSUPPORTED for sparse ones. */
function constantValue(node: Node): Tensor {
  const [attribute] = Object.entries(node.attributes)
    .filter(([name]) => name.startsWith("value"))
    .map(([, a]): Attribute => a);
  switch (attribute?.kind) {
    case "tensor":
      return attribute.value;
    case "float":
      return tensor("float32", [], [attribute.value]);
    case "floats":
      return tensor("float32", [attribute.value.length], attribute.value);
    case "int":
      return tensor("int64", [], [attribute.value]);
    case "ints":
      return tensor("int64", [attribute.value.length], attribute.value);
    case "string":
      return { dtype: "string", dims: [], data: [attribute.value] };
    case "strings":
      return { dtype: "string", dims: [attribute.value.length], data: attribute.value };
    default:
      throw new ExplainError("MODEL_UNSUPPORTED", `The Constant node "${node.name}" holds no dense tensor.`, {
        node: node.name,
        hint: "Export the model with dense weights.",
      });
  }
}
