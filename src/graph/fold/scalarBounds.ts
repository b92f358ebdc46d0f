import type { Graph, Initializer } from "../ir.js";

/** The graph with constant bounds of Range as scalars: computed ones may have the shape [1], but where they became constants ONNX Runtime refuses that. */
export function scalarBounds(graph: Graph): Graph {
  const initializers = new Map<string, Initializer>(graph.initializers);
  const passed = new Map(graph.nodes.flatMap((n) => (n.op === "Identity" && n.domain === "" ? [[n.outputs[0] ?? "", n.inputs[0] ?? ""] as const] : [])));
  const nodes = graph.nodes.map((node) => {
    if (node.op !== "Range" || node.domain !== "") return node;
    const inputs = node.inputs.map((name) => {
      const bound = graph.initializers.get(passed.get(name) ?? name);
      if (bound === undefined || bound.dims.length === 0) return name;
      const scalar = `${name}/scalar`;
      initializers.set(scalar, { ...bound, name: scalar, dims: [] });
      return scalar;
    });
    return { ...node, inputs };
  });
  return initializers.size === graph.initializers.size ? graph : { ...graph, nodes, initializers };
}
