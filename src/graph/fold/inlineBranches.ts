import { attribute } from "../attributes.js";
import { definedNames, embed, uniqueNodeNames, type Embedding } from "../embed.js";
import { readInitializer } from "../initializer.js";
import type { Graph, Node } from "../ir.js";
import { freshNames } from "../walk.js";

/** Says which branch an If takes, or undefined when that is not known. */
export type Decide = (node: Node, graph: Graph) => boolean | undefined;

/** The branch that a constant condition chooses. */
const constantCondition: Decide = (node, graph) => {
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
  const e: Embedding = { fresh: freshNames(graph), used: definedNames(graph), initializers: new Map(graph.initializers) };
  const nodes = graph.nodes.flatMap((node) => {
    const taken = decisions.get(node);
    const branch = taken === undefined ? undefined : attribute(node, taken ? "then_branch" : "else_branch", "graph");
    return branch === undefined ? [node] : embed(branch, node.name, [], node.outputs, e);
  });
  return { ...graph, nodes: uniqueNodeNames(nodes), initializers: e.initializers };
}
