import { attribute } from "../attributes.js";
import { embed, type Embedding } from "../embed.js";
import type { Node } from "../ir.js";

/**
 * SequenceMap as its body once for each element of its sequences, tensors being the same for each; undefined where a sequence's elements are not known.
 * Source: https://onnx.ai/onnx/operators/onnx__SequenceMap.html
 */
export function mapSequence(
  node: Node,
  known: ReadonlyMap<string, readonly string[]>,
  e: Embedding,
): { readonly nodes: readonly Node[]; readonly sequences: readonly (readonly string[])[] } | undefined {
  const body = attribute(node, "body", "graph");
  const count = known.get(node.inputs[0] ?? "")?.length;
  if (body === undefined || count === undefined) return undefined;
  const stem = `${node.name}/element`;
  const nodes: Node[] = [];
  const sequences: string[][] = node.outputs.map(() => []);
  for (let i = 0; i < count; i++) {
    const inputs = node.inputs.map((name) => known.get(name)?.[i] ?? name);
    const outputs = sequences.map((parts) => {
      const name = e.fresh(stem);
      parts.push(name);
      return name;
    });
    nodes.push(...embed(body, stem, inputs, outputs, e));
  }
  return { nodes, sequences };
}
