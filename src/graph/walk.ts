import { subgraphs } from "./attributes.js";
import type { Graph, Node } from "./ir.js";

/** Values of the enclosing graphs that a subgraph reads, each once. */
export function captures(subgraph: Graph): string[] {
  const own = new Set<string>(subgraph.inputs.map((i) => i.name));
  for (const name of subgraph.initializers.keys()) own.add(name);
  for (const node of subgraph.nodes) for (const output of node.outputs) own.add(output);
  const found = new Set<string>();
  const read = (name: string): void => {
    if (name !== "" && !own.has(name)) found.add(name);
  };
  for (const node of subgraph.nodes) valuesReadBy(node).forEach(read);
  for (const output of subgraph.outputs) read(output.name);
  return [...found];
}

/** Every value a node reads: its inputs, and what its subgraphs capture. Absent inputs are left out. */
export function valuesReadBy(node: Node): string[] {
  const direct = node.inputs.filter((name) => name !== "");
  const bodies = subgraphs(node);
  return bodies.length === 0 ? direct : [...new Set([...direct, ...bodies.flatMap(captures)])];
}

/** The node that makes each value, by the value's name. */
export function makersOf(graph: Graph): ReadonlyMap<string, Node> {
  return new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
}

/** Every name a graph defines or mentions, subgraphs included: what a new name must avoid. */
function allNames(graph: Graph, into = new Set<string>()): Set<string> {
  for (const input of graph.inputs) into.add(input.name);
  for (const name of graph.initializers.keys()) into.add(name);
  for (const node of graph.nodes) {
    into.add(node.name);
    for (const name of node.inputs) into.add(name);
    for (const name of node.outputs) into.add(name);
    for (const body of subgraphs(node)) allNames(body, into);
  }
  return into;
}

/** Node and value names that do not occur in a graph yet: `<stem>/<k>`. */
export function freshNames(graph: Graph): (stem: string) => string {
  const taken = allNames(graph);
  const counters = new Map<string, number>();
  return (stem) => {
    let k = counters.get(stem) ?? 0;
    while (taken.has(`${stem}/${k}`)) k++;
    counters.set(stem, k + 1);
    taken.add(`${stem}/${k}`);
    return `${stem}/${k}`;
  };
}
