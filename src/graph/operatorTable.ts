import type { Node } from "./ir.js";

/** What a table of operators calls a node's: `op` for those of ai.onnx, `domain:op` for others. */
export function operatorKey({ op, domain }: Pick<Node, "op" | "domain">): string {
  return domain === "" ? op : `${domain}:${op}`;
}

/** A node's entry in a table of operators; a model's names never reach what an object inherits. */
export function entryOf<T>(table: Readonly<Record<string, T>>, node: Pick<Node, "op" | "domain">): T | undefined {
  const key = operatorKey(node);
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
