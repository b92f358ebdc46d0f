import { opStates } from "../autodiff/rules/index.js";
import type { OpState } from "../autodiff/rule.js";
import type { Graph, Node } from "../graph/ir.js";

const noRule: OpState = { state: "unsupported", reason: "there is no rule for this operator yet" };

/** What gradients do at a node, by its operator alone. */
export function gradientState({ op, domain }: Node): OpState {
  return opStates[domain === "" ? op : `${domain}:${op}`] ?? noRule;
}

/** The nodes that stop gradients on some way from an input to `output`: what lies elsewhere in the graph does no harm. */
export function gradientBarriers(graph: Graph, output: string): readonly Node[] {
  const active = new Set(graph.inputs.map((input) => input.name));
  const reached = graph.nodes.filter((node) => {
    if (gradientState(node).state === "zero" || !node.inputs.some((x) => active.has(x))) return false;
    for (const y of node.outputs) active.add(y);
    return true;
  });
  const useful = new Set([output]);
  const between = reached.toReversed().filter((node) => {
    if (!node.outputs.some((y) => useful.has(y))) return false;
    for (const x of node.inputs) useful.add(x);
    return true;
  });
  return between.filter((node) => gradientState(node).state === "unsupported");
}
