import { bindOutput } from "./bindOutput.js";
import { Builder } from "./builder.js";
import type { Graph, Node, Types } from "./ir.js";

/** Operators that place a tensor's elements otherwise and leave them as they are; all but the first input say where. */
const placing = new Set(["Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Slice", "Tile"]);

/**
 * The graph with rows of a quantised table as real numbers as soon as they are looked up, instead of after they were reshaped and transposed: what is read from a table can be
 * moved along a path then. The values are the same, and keep their names. Tables with a scale for each position of an axis stay as they are.
 */
export function realLookups(graph: Graph, types: Types): { readonly graph: Graph; readonly types: Types } {
  const maker = new Map(graph.nodes.flatMap((node) => node.outputs.map((y) => [y, node] as const)));
  /** What places the looked-up rows before `node` makes them real, first to last; empty where nothing does or they are no rows of a table. */
  const placed = (node: Node): readonly Node[] => {
    const scale = types.get(node.inputs[1] ?? "")?.dims;
    if (node.op !== "DequantizeLinear" || scale === undefined || scale.some((d) => d !== 1)) return [];
    const between: Node[] = [];
    let from = maker.get(node.inputs[0] ?? "");
    for (; from !== undefined && from.domain === "" && placing.has(from.op); from = maker.get(from.inputs[0] ?? "")) between.unshift(from);
    return from?.op === "Gather" && graph.initializers.has(from.inputs[0] ?? "") ? between : [];
  };
  if (!graph.nodes.some((node) => placed(node).length > 0)) return { graph, types };
  const b = new Builder({ ...graph, nodes: [] }, types);
  for (const node of graph.nodes) {
    const between = placed(node);
    const rows = between[0]?.inputs[0];
    if (rows === undefined) {
      b.append(node);
      continue;
    }
    b.scope(`${node.name}/rows`);
    const { dtype } = b.type(node.outputs[0] ?? "");
    const real = (value: string) => ({ dtype, dims: b.dims(value) });
    let value = b.emit("DequantizeLinear", [rows, ...node.inputs.slice(1)], real(rows), node.attributes);
    for (const move of between) value = b.emit(move.op, [value, ...move.inputs.slice(1)], real(move.outputs[0] ?? ""), move.attributes);
    bindOutput(b, value, node.outputs[0] ?? "");
  }
  return { graph: { ...graph, nodes: b.nodes, initializers: b.initializers }, types: b.types() };
}
