import type { Graph } from "../graph/ir.js";

/** What the last Softmax or Sigmoid before an output was computed from: the logit of each probability. Operators that only rename are passed over. */
export function valueBefore({ nodes }: Graph, output: string | undefined): string | undefined {
  let value = output;
  for (;;) {
    const node = nodes.find((n) => value !== undefined && n.outputs.includes(value));
    if (node?.op === "Softmax" || node?.op === "Sigmoid") return node.inputs[0];
    if (node?.op !== "Identity" && node?.op !== "Cast") return undefined;
    value = node.inputs[0];
  }
}
