import { attribute, mapSubgraphs } from "../attributes.js";
import { readInitializer } from "../initializer.js";
import type { Graph, Initializer, Node } from "../ir.js";
import { freshNames } from "../walk.js";

/** Says which branch an If takes, or undefined when that is not known. */
export type Decide = (node: Node, graph: Graph) => boolean | undefined;

/** The branch that a constant condition chooses. */
export const constantCondition: Decide = (node, graph) => {
  const condition = graph.initializers.get(node.inputs[0] ?? "");
  return condition?.content.kind === "raw" ? readInitializer(condition).data[0] !== 0 : undefined;
};

/**
 * The graph with every decided If replaced by the nodes of its branch; the same graph if there is none. The If's outputs keep their names;
 * values inside keep theirs where they are still free (the two branches of an If may use the same ones). Only the top level is looked at: bodies of loops stay.
 */
export function inlineBranches(graph: Graph, decide: Decide = constantCondition): Graph {
  const decisions = new Map<Node, boolean>();
  for (const node of graph.nodes) {
    const taken = node.op === "If" && node.domain === "" ? decide(node, graph) : undefined;
    if (taken !== undefined) decisions.set(node, taken);
  }
  if (decisions.size === 0) return graph;
  const fresh = freshNames(graph);
  const used = new Set<string>([...graph.inputs.map((i) => i.name), ...graph.initializers.keys(), ...graph.nodes.flatMap((n) => n.outputs)]);
  const initializers = new Map<string, Initializer>(graph.initializers);
  const nodes = graph.nodes.flatMap((node) => {
    const taken = decisions.get(node);
    const branch = taken === undefined ? undefined : attribute(node, taken ? "then_branch" : "else_branch", "graph");
    return branch === undefined ? [node] : embed(branch, node, { fresh, used, initializers });
  });
  return { ...graph, nodes: uniqueNodeNames(nodes), initializers };
}

interface Embedding {
  readonly fresh: (stem: string) => string;
  readonly used: Set<string>;
  readonly initializers: Map<string, Initializer>;
}

/** A body without inputs as nodes of the graph around it; its outputs become `call.outputs`. */
function embed(body: Graph, call: Node, e: Embedding): Node[] {
  const names = new Map<string, string>();
  const made = new Set(body.nodes.flatMap((n) => n.outputs));
  const passed: Node[] = [];
  body.outputs.forEach((output, i) => {
    const actual = call.outputs[i] ?? "";
    if (actual === "") return;
    // A captured value, a constant, or a value returned twice needs a node of its own.
    if (made.has(output.name) && !names.has(output.name)) names.set(output.name, actual);
    else passed.push({ name: e.fresh(call.name), op: "Identity", domain: "", inputs: [output.name], outputs: [actual], attributes: {} });
  });
  const claim = (name: string): void => {
    if (name === "" || names.has(name)) return;
    names.set(name, e.used.has(name) ? e.fresh(call.name) : name);
    e.used.add(names.get(name) ?? name);
  };
  made.forEach(claim);
  for (const name of body.initializers.keys()) claim(name);
  const rename = (name: string): string => names.get(name) ?? name;
  for (const initializer of body.initializers.values()) e.initializers.set(rename(initializer.name), { ...initializer, name: rename(initializer.name) });
  return [...body.nodes, ...passed].map((node) => renameValues(node, rename));
}

/** The node with other value names, in its subgraphs too where they mean the values around them. */
export function renameValues(node: Node, rename: (name: string) => string): Node {
  const outer = (graph: Graph): Graph => {
    const own = new Set([...graph.inputs.map((i) => i.name), ...graph.initializers.keys(), ...graph.nodes.flatMap((n) => n.outputs)]);
    const inner = (name: string): string => (own.has(name) ? name : rename(name));
    return { ...graph, nodes: graph.nodes.map((n) => renameValues(n, inner)), outputs: graph.outputs.map((o) => ({ ...o, name: inner(o.name) })) };
  };
  return mapSubgraphs({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) }, outer);
}

/** Node names are unique within a graph; a branch's nodes may clash with those around them. */
export function uniqueNodeNames(nodes: readonly Node[]): Node[] {
  const taken = new Set<string>();
  return nodes.map((node) => {
    let name = node.name;
    while (taken.has(name)) name += "'";
    taken.add(name);
    return name === node.name ? node : { ...node, name };
  });
}
