import { dirname, resolve } from "node:path";
import type { Graph } from "../graph/ir.js";

/** The other files that a model's weights lie in. */
export function weightFiles(file: string, graph: Graph): readonly string[] {
  const files = new Set<string>();
  for (const { content } of graph.initializers.values()) if (content.kind === "external") files.add(resolve(dirname(file), content.location));
  files.delete(resolve(file));
  return [...files];
}
