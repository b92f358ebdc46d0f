import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Node, Types } from "../../graph/ir.js";
import { nodesBehind, renameReads } from "../../graph/reads.js";

export interface Instance {
  /** The copied nodes, in order. */
  readonly nodes: readonly Node[];
  /** The name in this copy of a value of the original graph. */
  name(value: string): string;
}

/**
 * Copies the part of a graph that computes `targets` into `b`, with some values replaced. Values that do not depend on a replaced one keep their name if
 * `b` has them already, so that several copies share what is the same in all.
 */
export function instantiate(
  b: Builder,
  nodes: readonly Node[],
  types: Types,
  targets: readonly string[],
  replaced: ReadonlyMap<string, string>,
  suffix: string,
): Instance {
  const names = new Map(replaced);
  const rename = (value: string): string => names.get(value) ?? value;
  const copied: Node[] = [];
  for (const node of nodesBehind(nodes, targets, (value) => replaced.has(value))) {
    const renamed = renameReads(node, rename);
    const changed = renamed.inputs.some((x, i) => x !== node.inputs[i]) || suffix === "" || Object.values(node.attributes).some((a) => a.kind === "graph");
    if (!changed && node.outputs.every((y) => y === "" || b.has(y))) continue;
    const outputs = node.outputs.map((y) => {
      if (y === "") return y;
      // An output that is replaced is still computed when a sibling is needed; it must not take the replacement's name.
      const name = replaced.has(y) ? `${y}${suffix}/unused` : `${y}${suffix}`;
      if (!replaced.has(y)) names.set(y, name);
      const type = types.get(y);
      if (type !== undefined) b.declare(name, type);
      return name;
    });
    const copy = { ...renamed, name: `${node.name}${suffix}`, outputs };
    b.append(copy);
    copied.push(copy);
  }
  return { nodes: copied, name: (value) => present(rename(value), value) };
}
