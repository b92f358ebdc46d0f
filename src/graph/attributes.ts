import { ExplainError } from "../base/diagnostic.js";
import type { Attribute, Graph, Node } from "./ir.js";

type Kind = Attribute["kind"];
type Values = { readonly [K in Kind]: Extract<Attribute, { kind: K }>["value"] };

/** The value of a node's attribute, or undefined when it is left out. Throws MODEL_INVALID when it has another kind. */
export function attribute<K extends Kind>(node: Node, name: string, kind: K): Values[K] | undefined {
  const found = node.attributes[name];
  if (found === undefined) return undefined;
  if (found.kind !== kind)
    throw new ExplainError("MODEL_INVALID", `The attribute "${name}" of the node "${node.name}" (${node.op}) is of the kind "${found.kind}", not "${kind}".`, {
      node: node.name,
    });
  return found.value as Values[K];
}

/** A node's attributes without the named ones. */
export function without(attributes: Node["attributes"], ...names: readonly string[]): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}

/** The graphs that a node holds as attributes (bodies of If, Loop, Scan). */
export function subgraphs(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((a) => (a.kind === "graph" ? [a.value] : []));
}

/** The node with every subgraph replaced. */
export function mapSubgraphs(node: Node, change: (graph: Graph) => Graph): Node {
  if (subgraphs(node).length === 0) return node;
  return {
    ...node,
    attributes: Object.fromEntries(
      Object.entries(node.attributes).map(([name, a]): [string, Attribute] => [name, a.kind === "graph" ? { kind: "graph", value: change(a.value) } : a]),
    ),
  };
}
