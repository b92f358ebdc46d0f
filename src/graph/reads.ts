import type { Attribute, Graph, Node } from "./ir.js";

/** Every value a node reads: its inputs and what the subgraphs in its attributes capture from outside. */
export function readsOf(node: Node): string[] {
  const names = node.inputs.filter((x) => x !== "");
  for (const attribute of Object.values(node.attributes)) if (attribute.kind === "graph") names.push(...capturesOf(attribute.value));
  return names;
}

/** Outer values that a subgraph refers to. */
export function capturesOf(graph: Graph): string[] {
  const own = new Set<string>([...graph.inputs.map((i) => i.name), ...graph.initializers.keys(), ...graph.nodes.flatMap((n) => n.outputs)]);
  return [...graph.nodes.flatMap(readsOf), ...graph.outputs.map((o) => o.name)].filter((name) => name !== "" && !own.has(name));
}

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
    for (const x of readsOf(node)) needed.add(x);
    kept.push(node);
  }
  return kept.reverse();
}
