import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "../graph/ir.js";
import type { LayerInfo } from "../protocol/explanation.js";
import type { LayerTrace } from "../protocol/trace.js";
import { findSources, type SourceFiles } from "../source/findSources.js";
import { findModules } from "./modules.js";

const skipped = new Set(["node_modules", "__pycache__", "site-packages", "venv", "env", "dist", "build"]);
const mostFiles = 2000;
const largestFile = 1024 * 1024;
const deepest = 8;

/** What the model tells about where its layers come from, containers before what they hold. Plain data: it crosses threads. */
export function layerTraces(graph: Graph): LayerTrace[] {
  return findModules(graph).map(({ nodes: _, ...trace }) => trace);
}

/** The layers with the lines of the Python source in `folder` that define and call them; `source` stays null where nothing is found. File names are relative to `folder`. */
export async function locateLayers(graph: Graph, layers: readonly LayerInfo[], folder: string): Promise<LayerInfo[]> {
  const traces = layerTraces(graph);
  if (traces.length === 0) return [...layers];
  const { layers: found } = await findSources(traces, filesIn(folder));
  return layers.map((layer) => ({ ...layer, source: found.get(layer.path) ?? null }));
}

/** The Python files of a folder and those below, without packages. */
function filesIn(folder: string): SourceFiles {
  return {
    list: async () => {
      const files: string[] = [];
      const open = [""];
      for (let below = open.shift(); below !== undefined && files.length < mostFiles; below = open.shift()) {
        const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
        for (const entry of entries) {
          const file = below === "" ? entry.name : `${below}/${entry.name}`;
          if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith(".") && file.split("/").length < deepest) open.push(file);
          if (entry.isFile() && entry.name.endsWith(".py")) files.push(file);
        }
      }
      return files;
    },
    read: async (file) => {
      const path = join(folder, file);
      const info = await stat(path).catch(() => undefined);
      return info === undefined || !info.isFile() || info.size > largestFile ? undefined : readFile(path, "utf8").catch(() => undefined);
    },
  };
}
