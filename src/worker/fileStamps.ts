import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Graph } from "../graph/ir.js";

/** What changes when a file is written, replaced (also by one of the same size and time) or removed; "none" for one that is not there. */
export async function stampOf(file: string): Promise<string> {
  const info = await stat(file).catch(() => undefined);
  return info === undefined ? "none" : `${info.size} ${info.mtimeMs} ${info.ctimeMs}`;
}

/** The other files that a model's weights lie in. */
export function weightFiles(file: string, graph: Graph): readonly string[] {
  const files = new Set<string>();
  for (const { content } of graph.initializers.values()) if (content.kind === "external") files.add(resolve(dirname(file), content.location));
  files.delete(resolve(file));
  return [...files];
}
