import { rule, type OpState, type RuleFamily } from "../autodiff/rule.js";
import { opStates } from "../autodiff/rules/index.js";
import { subgraphs } from "../graph/attributes.js";
import type { Graph, Node } from "../graph/ir.js";
import { laidOut } from "../graph/laidOut.js";
import { entryOf } from "../graph/operatorTable.js";
import { valuesReadBy } from "../graph/walk.js";

const noRule: OpState = { state: "unsupported", reason: "there is no rule for this operator yet" };
/** What is written as plainer operators for each sample has their derivatives. */
const byParts: OpState = rule(() => []);

/** What gradients (or what other rules carry back) do at a node, by its operator and, for control flow, by what its branches and bodies hold. */
export function gradientState(node: Node, rules: RuleFamily = opStates): OpState {
  const own = entryOf(rules, node);
  const plain = laidOut(node) !== undefined;
  if (own !== undefined && !(plain && own.state === "unsupported")) return own;
  if (!plain) return noRule;
  for (const inner of subgraphs(node).flatMap((body) => body.nodes)) {
    const state = gradientState(inner, rules);
    if (state.state === "unsupported") return { state: "unsupported", reason: `inside it is ${inner.op}: ${state.reason}` };
  }
  return byParts;
}

/** The nodes that stop gradients (or other rules) on some way from an input to `output`: what lies elsewhere in the graph does no harm. */
export function gradientBarriers(graph: Graph, output: string, rules: RuleFamily = opStates): readonly Node[] {
  return nodesBetween(
    graph,
    graph.inputs.map((input) => input.name),
    output,
  ).filter((node) => gradientState(node, rules).state === "unsupported");
}

/** By operator, why gradients through it are approximations, for the nodes on the ways from `inputs` to `output`; the node is the first of its kind. */
export function approximations(graph: Graph, inputs: readonly string[], output: string): readonly { readonly node: Node; readonly why: string }[] {
  const found = new Map<string, { node: Node; why: string }>();
  for (const node of nodesBetween(graph, inputs, output)) {
    const state = gradientState(node);
    if (state.state === "rule" && state.approximation !== undefined && !found.has(node.op)) found.set(node.op, { node, why: state.approximation });
  }
  return [...found.values()];
}

/** The nodes on the ways from `inputs` to `output` that derivatives take, in graph order. */
function nodesBetween(graph: Graph, inputs: readonly string[], output: string): readonly Node[] {
  const active = new Set(inputs);
  const reached = graph.nodes.filter((node) => {
    if (gradientState(node).state === "zero" || !valuesReadBy(node).some((x) => active.has(x))) return false;
    for (const y of node.outputs) active.add(y);
    return true;
  });
  const useful = new Set([output]);
  return reached
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((y) => useful.has(y))) return false;
      for (const x of valuesReadBy(node)) useful.add(x);
      return true;
    })
    .toReversed();
}
