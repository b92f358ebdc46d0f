import type { Graph, Node } from "../graph/ir.js";
import type { LayerInfo } from "../protocol/explanation.js";
import { isFloat } from "../tensor/dtype.js";
import { sizeOf } from "../tensor/tensor.js";
import { findModules } from "./modules.js";

/** Operators that move, cut or shape values without computing; they are not what a layer is known by. */
const plumbing = new Set([
  "Cast",
  "Concat",
  "Constant",
  "ConstantOfShape",
  "Expand",
  "Identity",
  "Range",
  "Reshape",
  "Shape",
  "Size",
  "Slice",
  "Split",
  "Squeeze",
  "Transpose",
  "Unsqueeze",
]);
const comparisons = new Set(["And", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "Xor"]);

/**
 * The layers of a graph: modules of the source program where the exporter named them, else every computing node under its value's name. `source` is null; `locateLayers` finds it.
 * `values` are those that leave the layer and depend on the data (not shapes, not masks).
 */
export function findLayers(graph: Graph): LayerInfo[] {
  const data = dataValues(graph);
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes)
    for (const input of node.inputs) {
      const list = readers.get(input);
      if (list === undefined) readers.set(input, [node]);
      else list.push(node);
    }
  const results = new Set(graph.outputs.map((output) => output.name));
  const modules = findModules(graph);
  const layers = modules.map((module): LayerInfo => {
    const inside = new Set(module.nodes);
    const leaves = (value: string): boolean => results.has(value) || (readers.get(value) ?? []).some((reader) => !inside.has(reader));
    const values = module.nodes.flatMap((node) => node.outputs.filter((output) => data.has(output) && leaves(output)));
    return {
      path: module.path,
      class: module.class,
      values,
      operators: operatorsOf(module.nodes, data, graph),
      parameters: countParameters(module.nodes, graph),
      source: null,
    };
  });
  const named = layers.filter((layer) => layer.values.length > 0);
  if (named.length > 0) return named;
  return graph.nodes
    .filter((node) => !plumbing.has(node.op))
    .flatMap((node) =>
      node.outputs
        .filter((output) => data.has(output))
        .slice(0, 1)
        .map((value) => ({ path: value, class: null, values: [value], operators: [node.op], parameters: countParameters([node], graph), source: null })),
    );
}

/** Values computed from the inputs' contents: shapes, constants and truth values are left out. */
function dataValues(graph: Graph): Set<string> {
  const data = new Set(graph.inputs.map((input) => input.name));
  for (const node of graph.nodes) {
    if (node.op === "Shape" || node.op === "Size" || !node.inputs.some((input) => data.has(input))) continue;
    for (const output of node.outputs) if (output !== "") data.add(output);
  }
  // What is compared still passes on data (Where), but is no activation itself.
  for (const node of graph.nodes) if (comparisons.has(node.op) || isIntegerCast(node)) for (const output of node.outputs) data.delete(output);
  return data;
}

/** Cast to a type without derivatives. */
function isIntegerCast(node: Node): boolean {
  const to = node.attributes["to"];
  return node.op === "Cast" && to?.kind === "int" && ![1, 10, 11, 16].includes(to.value);
}

/** What a layer computes; for one that only reshapes, how. */
function operatorsOf(nodes: readonly Node[], data: ReadonlySet<string>, graph: Graph): string[] {
  const all = nodes.filter((node) => node.outputs.some((output) => data.has(output)));
  const own = all.filter((node) => !plumbing.has(node.op) && !isIndexing(node, graph));
  return [...new Set((own.length > 0 ? own : all).map((node) => node.op))];
}

/** Gather on a computed value picks elements; on a constant table it is an embedding. */
function isIndexing(node: Node, graph: Graph): boolean {
  return node.op === "Gather" && !graph.initializers.has(node.inputs[0] ?? "");
}

/** Elements of the float constants a layer reads: weights and biases. Single numbers (ε, zeros) and the running statistics of a batch normalisation are not trained. */
function countParameters(nodes: readonly Node[], graph: Graph): number {
  const names = new Set(nodes.flatMap((node) => (node.op === "BatchNormalization" ? node.inputs.slice(0, 3) : node.inputs)));
  let total = 0;
  for (const name of names) {
    const constant = graph.initializers.get(name);
    if (constant !== undefined && isFloat(constant.dtype) && constant.dims.length > 0) total += sizeOf(constant.dims);
  }
  return total;
}
