import type { Attribute, Graph, Node } from "./ir.js";
import { valuesReadBy } from "./walk.js";

/** The node with every value it reads renamed; captures in subgraphs included, names that a subgraph defines itself left alone. */
export function renameReads(node: Node, rename: (name: string) => string): Node {
  const attributes: Record<string, Attribute> = {};
  for (const [key, attribute] of Object.entries(node.attributes))
    attributes[key] = attribute.kind === "graph" ? { kind: "graph", value: renameCaptures(attribute.value, rename) } : attribute;
  return { ...node, inputs: node.inputs.map((x) => (x === "" ? "" : rename(x))), attributes };
}

function renameCaptures(graph: Graph, rename: (name: string) => string): Graph {
  const own = new Set<string>([...graph.inputs.map((i) => i.name), ...graph.initializers.keys(), ...graph.nodes.flatMap((n) => n.outputs)]);
  const outer = (name: string): string => (own.has(name) ? name : rename(name));
  return { ...graph, nodes: graph.nodes.map((n) => renameReads(n, outer)), outputs: graph.outputs.map((o) => ({ ...o, name: outer(o.name) })) };
}

/** The nodes that `targets` need, in order, walking back until `stop` values. */
export function nodesBehind(nodes: readonly Node[], targets: Iterable<string>, stop: (value: string) => boolean = () => false): Node[] {
  const needed = new Set(targets);
  const kept: Node[] = [];
  for (let n = nodes.length - 1; n >= 0; n--) {
    const node = nodes[n]!;
    if (!node.outputs.some((y) => y !== "" && needed.has(y) && !stop(y))) continue;
    for (const x of valuesReadBy(node)) needed.add(x);
    kept.push(node);
  }
  return kept.reverse();
}
