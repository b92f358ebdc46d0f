import type { Graph } from "../graph/ir.js";

/** Operators that hand a text on as it is, or in other letters. */
const passing = new Set(["Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "StringNormalizer"]);
const splitting = new Set(["Tokenizer", "StringSplit"]);

/** Whether the model itself splits the texts of an input into words: its words are what a prediction is about, not the text as a whole. */
export function splitsText(graph: Graph, input: string): boolean {
  const texts = new Set([input]);
  for (const { op, inputs, outputs } of graph.nodes) {
    if (!texts.has(inputs[0] ?? "")) continue;
    if (splitting.has(op)) return true;
    if (passing.has(op)) for (const y of outputs) texts.add(y);
  }
  return false;
}
