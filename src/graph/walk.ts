import { ExplainError } from "../base/diagnostic.js";
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

/** The node that makes each value. Inputs and initializers have none. */
export function producers(graph: Graph): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) if (output !== "") found.set(output, node);
  return found;
}

/** The nodes that read each value, subgraph captures included, in graph order. */
export function consumers(graph: Graph): Map<string, Node[]> {
  const found = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const name of new Set(valuesReadBy(node))) {
      const list = found.get(name);
      if (list === undefined) found.set(name, [node]);
      else list.push(node);
    }
  }
  return found;
}

/** Every name a graph defines or mentions, subgraphs included: what a new name must avoid. */
export function allNames(graph: Graph, into = new Set<string>()): Set<string> {
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

/** The nodes reordered so that each comes after what it reads, otherwise in their old order. Throws MODEL_INVALID for a cycle. */
export function topologicalSort(nodes: readonly Node[]): Node[] {
  const maker = new Map<string, number>();
  nodes.forEach((node, i) => node.outputs.forEach((output) => maker.set(output, i)));
  const state = new Uint8Array(nodes.length);
  const sorted: Node[] = [];
  for (let root = 0; root < nodes.length; root++) {
    const stack: number[] = [root];
    while (stack.length > 0) {
      const at = stack[stack.length - 1]!;
      const node = nodes[at]!;
      if (state[at] === 0) {
        state[at] = 1;
        const needed = valuesReadBy(node)
          .map((name) => maker.get(name))
          .filter((i): i is number => i !== undefined && state[i] !== 2);
        const cyclic = needed.find((i) => state[i] === 1);
        if (cyclic !== undefined)
          throw new ExplainError("MODEL_INVALID", `The node "${node.name}" (${node.op}) depends on its own output.`, { node: node.name });
        if (needed.length > 0) {
          stack.push(...needed.reverse());
          continue;
        }
      }
      stack.pop();
      if (state[at] === 1) {
        state[at] = 2;
        sorted.push(node);
      }
    }
  }
  return sorted;
}
