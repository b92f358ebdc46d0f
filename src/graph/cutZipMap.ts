import type { Graph } from "./ir.js";

/** Maps and sequences of maps can't be returned by the runtime: an output made by ZipMap becomes ZipMap's input, under that value's name. */
export function cutZipMap(graph: Graph): {
  readonly graph: Graph;
  /** Class labels that ZipMap would have attached, by the value that replaces its output. */ readonly labels: ReadonlyMap<string, readonly string[]>;
} {
  const replaced = new Map<string, string>();
  const labels = new Map<string, readonly string[]>();
  for (const node of graph.nodes) {
    if (node.op !== "ZipMap" || node.domain !== "ai.onnx.ml") continue;
    const [input, output] = [node.inputs[0], node.outputs[0]];
    if (input === undefined || output === undefined) continue;
    replaced.set(output, input);
    const strings = node.attributes["classlabels_strings"];
    const ints = node.attributes["classlabels_int64s"];
    if (strings?.kind === "strings") labels.set(input, strings.value);
    else if (ints?.kind === "ints") labels.set(input, ints.value.map(String));
  }
  if (replaced.size === 0) return { graph, labels };
  return {
    graph: {
      ...graph,
      nodes: graph.nodes.filter((n) => n.op !== "ZipMap" || n.domain !== "ai.onnx.ml"),
      outputs: graph.outputs.map((o) => {
        // ZipMap takes nothing but float32.
        const value = replaced.get(o.name);
        return value === undefined ? o : { name: value, dtype: "float32", dims: null };
      }),
    },
    labels,
  };
}
