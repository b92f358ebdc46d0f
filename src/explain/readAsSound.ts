import type { Graph, Node } from "../graph/ir.js";

/** Operators that hand a sound on without mixing its samples. */
const passing = new Set(["Cast", "Clip", "Concat", "Expand", "Gather", "Identity", "Mul", "Pad", "Reshape", "Slice", "Squeeze", "Unsqueeze"]);
/** A filter this long hears frequencies; shorter ones also read tables. */
const longFilter = 64;

/**
 * Why an input is a sound, if what reads it first is a spectrum or a filter along time with one channel; of inputs with a fixed width only a filter that is long.
 * `readers`: the nodes that read a value.
 */
export function readAsSound(input: string, anyLength: boolean, graph: Graph, readers: ReadonlyMap<string, readonly Node[]>): string | undefined {
  const seen = new Set<string>();
  const open = [input];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const node of readers.get(value) ?? []) {
      if (node.inputs[0] !== value && node.op !== "Concat" && node.op !== "Mul") continue;
      if (node.op === "STFT" || node.op === "DFT") return `read by ${node.op}`;
      const weights = node.op === "Conv" ? graph.initializers.get(node.inputs[1] ?? "")?.dims : undefined;
      const [, channels, length = 0] = weights ?? [];
      if (weights?.length === 3 && channels === 1 && (anyLength || length >= longFilter))
        return anyLength ? "numbers of any length into a filter along time" : `into a filter of ${length} samples`;
      if (passing.has(node.op)) open.push(...node.outputs);
    }
  }
  return undefined;
}
