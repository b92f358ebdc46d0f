import { byteLength, toInitializer } from "../initializer.js";
import { subgraphs } from "../attributes.js";
import type { Graph, Initializer, Node } from "../ir.js";
import { prune } from "../prune.js";
import { valuesReadBy } from "../walk.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Operators that give another value every time. */
const random = new Set(["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"]);

/** Values of these are no tensors and can't be constants. */
const notTensors = new Set(["SequenceConstruct", "SequenceEmpty", "SequenceInsert", "SequenceErase", "SplitToSequence", "SequenceMap", "Optional"]);

/**
 * Evaluates the nodes that depend on constants alone (of at most `limit` bytes each) in one run, and keeps what other nodes read as initializers.
 * Results above `limit` stay computed by their nodes; so do graph outputs.
 */
export async function foldValues(graph: Graph, evaluate: (graph: Graph) => Promise<ReadonlyMap<string, Tensor>>, limit: number): Promise<Graph> {
  const constant = new Set<string>();
  for (const [name, initializer] of graph.initializers) if (initializer.content.kind !== "external" && byteLength(initializer) <= limit) constant.add(name);
  const foldable = new Set<Node>();
  for (const node of graph.nodes) {
    if (!isFoldable(node, constant)) continue;
    foldable.add(node);
    for (const output of node.outputs) if (output !== "") constant.add(output);
  }
  if (foldable.size === 0) return graph;
  const graphOutputs = new Set(graph.outputs.map((o) => o.name));
  const wanted = new Set<string>();
  for (const node of graph.nodes) if (!foldable.has(node)) for (const name of valuesReadBy(node)) if (constant.has(name)) wanted.add(name);
  const made = new Set([...foldable].filter((node) => !notTensors.has(node.op)).flatMap((node) => node.outputs));
  const outputs = [...wanted].filter((name) => made.has(name) && !graphOutputs.has(name));
  if (outputs.length === 0) return graph;
  const slice = prune({ ...graph, name: "fold", inputs: [], nodes: [...foldable], outputs: outputs.map((name) => ({ name, dtype: null, dims: null })) });
  const values = await evaluate(slice);
  const initializers = new Map<string, Initializer>(graph.initializers);
  const replaced = new Set<string>();
  for (const name of outputs) {
    const value = values.get(name);
    if (value === undefined) continue;
    const initializer = toInitializer(name, value);
    if (byteLength(initializer) > limit) continue;
    initializers.set(name, initializer);
    replaced.add(name);
  }
  if (replaced.size === 0) return graph;
  const nodes = graph.nodes.flatMap((node) => {
    if (!foldable.has(node) || !node.outputs.some((o) => replaced.has(o))) return [node];
    const rest = node.outputs.map((o) => (replaced.has(o) ? "" : o));
    return rest.every((o) => o === "") ? [] : [{ ...node, outputs: rest }];
  });
  return prune({ ...graph, nodes, initializers });
}

function isFoldable(node: Node, constant: ReadonlySet<string>): boolean {
  if (random.has(node.op) || subgraphs(node).length > 0) return false;
  return node.inputs.every((name) => name === "" || constant.has(name));
}
