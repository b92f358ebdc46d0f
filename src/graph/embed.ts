import { mapSubgraphs } from "./attributes.js";
import type { Graph, Initializer, Node } from "./ir.js";

/** Where an embedded body's names and constants go. */
export interface Embedding {
  readonly fresh: (stem: string) => string;
  /** Names that are taken; a body's value keeps its name if that is free. */
  readonly used: Set<string>;
  readonly initializers: Map<string, Initializer>;
}

/**
 * A body as nodes of the graph around it: `inputs` are the outer values behind its inputs, `outputs` the names its outputs get ("" for those nobody wants).
 * Captured values mean the same outside.
 */
export function embed(body: Graph, stem: string, inputs: readonly string[], outputs: readonly string[], e: Embedding): Node[] {
  const names = new Map<string, string>();
  body.inputs.forEach((input, i) => names.set(input.name, inputs[i] ?? ""));
  const made = new Set(body.nodes.flatMap((n) => n.outputs));
  const passed: { from: string; to: string }[] = [];
  body.outputs.forEach((output, i) => {
    const actual = outputs[i] ?? "";
    if (actual === "") return;
    // A captured value, an input, a constant, or a value returned twice needs a node of its own.
    if (made.has(output.name) && !names.has(output.name)) names.set(output.name, actual);
    else passed.push({ from: output.name, to: actual });
  });
  const claim = (name: string): void => {
    if (name === "" || names.has(name)) return;
    names.set(name, e.used.has(name) ? e.fresh(stem) : name);
    e.used.add(names.get(name) ?? name);
  };
  made.forEach(claim);
  for (const name of body.initializers.keys()) claim(name);
  const rename = (name: string): string => names.get(name) ?? name;
  for (const initializer of body.initializers.values()) e.initializers.set(rename(initializer.name), { ...initializer, name: rename(initializer.name) });
  return [
    ...body.nodes.map((node) => renameValues(node, rename)),
    ...passed.map(({ from, to }): Node => ({ name: e.fresh(stem), op: "Identity", domain: "", inputs: [rename(from)], outputs: [to], attributes: {} })),
  ];
}

/** The node with other value names, in its subgraphs too where they mean the values around them. */
function renameValues(node: Node, rename: (name: string) => string): Node {
  const outer = (graph: Graph): Graph => {
    const own = new Set([...graph.inputs.map((i) => i.name), ...graph.initializers.keys(), ...graph.nodes.flatMap((n) => n.outputs)]);
    const inner = (name: string): string => (own.has(name) ? name : rename(name));
    return { ...graph, nodes: graph.nodes.map((n) => renameValues(n, inner)), outputs: graph.outputs.map((o) => ({ ...o, name: inner(o.name) })) };
  };
  return mapSubgraphs({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) }, outer);
}

/** Node names are unique within a graph; a body's nodes may clash with those around them. */
export function uniqueNodeNames(nodes: readonly Node[]): Node[] {
  const taken = new Set<string>();
  return nodes.map((node) => {
    let name = node.name;
    for (let k = 1; taken.has(name); k++) name = `${node.name}'${k}`;
    taken.add(name);
    return name === node.name ? node : { ...node, name };
  });
}

/** The top-level value names of a graph. */
export function definedNames(graph: Graph): Set<string> {
  return new Set([...graph.inputs.map((i) => i.name), ...graph.initializers.keys(), ...graph.nodes.flatMap((n) => n.outputs)]);
}
