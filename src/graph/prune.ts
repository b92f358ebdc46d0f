import { valuesReadBy } from "./walk.js";
import type { Graph, Node } from "./ir.js";
import { mapSubgraphs } from "./attributes.js";

/** The graph without the nodes and initializers that no output needs, in subgraphs too. Inputs stay: they are the caller's interface. */
export function prune(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map((o) => o.name));
  const nodes: Node[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const original = graph.nodes[i]!;
    if (!original.outputs.some((o) => o !== "" && needed.has(o))) continue;
    const node = mapSubgraphs(original, prune);
    for (const name of valuesReadBy(node)) needed.add(name);
    nodes.push(node);
  }
  return { ...graph, nodes: nodes.reverse(), initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))) };
}
