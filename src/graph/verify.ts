import { ExplainError } from "../base/diagnostic.js";
import { subgraphs } from "./attributes.js";
import type { Graph } from "./ir.js";

/**
 * Checks that a graph is in SSA form and topological order: every value is defined once and before it is read, node names are unique, outputs exist.
 * Throws MODEL_INVALID naming the first node that breaks a rule.
 */
export function verify(graph: Graph): void {
  check(graph, new Set());
}

function check(graph: Graph, outer: ReadonlySet<string>): void {
  const defined = new Set<string>();
  const define = (name: string, where: string, node?: string): void => {
    if (defined.has(name)) throw invalid(`The value "${name}" is defined twice, the second time by ${where}.`, node);
    defined.add(name);
  };
  for (const input of graph.inputs) define(input.name, "an input");
  for (const [name, initializer] of graph.initializers) {
    if (initializer.name !== name) throw invalid(`The constant "${initializer.name}" is filed under "${name}".`);
    define(name, "a constant");
  }
  const nodeNames = new Set<string>();
  for (const node of graph.nodes) {
    const where = `the node "${node.name}" (${node.op})`;
    if (nodeNames.has(node.name)) throw invalid(`Two nodes are named "${node.name}".`, node.name);
    nodeNames.add(node.name);
    for (const input of node.inputs)
      if (input !== "" && !defined.has(input) && !outer.has(input))
        throw invalid(`The value "${input}", read by ${where}, is not defined before it.`, node.name);
    const bodies = subgraphs(node);
    if (bodies.length > 0) {
      const visible = new Set([...outer, ...defined]);
      for (const body of bodies) check(body, visible);
    }
    for (const output of node.outputs) if (output !== "") define(output, where, node.name);
  }
  for (const output of graph.outputs)
    if (!defined.has(output.name) && !outer.has(output.name)) throw invalid(`The output "${output.name}" of the graph "${graph.name}" is not defined.`);
}

function invalid(message: string, node?: string): ExplainError {
  return new ExplainError("MODEL_INVALID", message, {
    hint: "The file is damaged or was written by a faulty exporter; export it again.",
    ...(node === undefined ? {} : { node }),
  });
}
