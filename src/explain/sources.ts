import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Graph } from "../graph/ir.js";
import type { LayerInfo } from "../protocol/explanation.js";
import { findModules, type Frame, type Module } from "./modules.js";
import { classRange, findAssignment, findCalls, findItem, type PythonFile } from "./python.js";

type Source = NonNullable<LayerInfo["source"]>;

const skipped = new Set(["node_modules", "__pycache__", "site-packages", "venv", "env", "dist", "build"]);
const mostFiles = 2000;
const largestFile = 1024 * 1024;

/** The layers with the lines of the Python source in `folder` that define and call them; `source` stays null where nothing is found. File names are relative to `folder`. */
export async function locateLayers(graph: Graph, layers: readonly LayerInfo[], folder: string): Promise<LayerInfo[]> {
  const modules = findModules(graph);
  if (modules.every((module) => module.owner === null)) return [...layers];
  const files = await readPython(folder);
  const found = new Map<string, Source | null>();
  // Containers come before what they hold, so a member of a Sequential finds its container's calls.
  for (const module of modules) found.set(module.path, locate(module, files, found));
  return layers.map((layer) => ({ ...layer, source: found.get(layer.path) ?? null }));
}

function locate(module: Module, files: readonly PythonFile[], found: ReadonlyMap<string, Source | null>): Source | null {
  if (module.owner === null) return null;
  const [attribute, index] = splitIndex(module.attribute);
  const held = found.get(module.owner.path);
  const home = findClass(module.owner.class, module.frames, files);
  if (home === undefined) {
    // A member of a Sequential: defined among its items, called where it is called.
    if (!/\b(Sequential|ModuleList)$/.test(module.owner.class) || held === null || held === undefined) return null;
    const file = files.find((f) => f.file === held.file);
    const item =
      held.definition === null || file === undefined || !/^\d+$/.test(module.attribute) ? undefined : findItem(file, held.definition, Number(module.attribute));
    return { file: held.file, definition: item ?? held.definition, calls: held.calls };
  }
  const { source, range } = home;
  const line = findAssignment(source, range, attribute);
  const definition = line === undefined ? null : index === undefined ? line : (findItem(source, line, index) ?? line);
  const lines = index === undefined ? findCalls(source, range, attribute) : [];
  // A layer called through a variable (`for layer in self.layers`): the frame in the class that holds it.
  const frame = lines.length > 0 ? undefined : frameIn(module.frames, source, range);
  const calls = (frame === undefined ? lines : [frame]).map((number) => ({ file: source.file, line: number }));
  return definition === null && calls.length === 0 ? null : { file: source.file, definition, calls };
}

/** "layers.3" is item 3 of the attribute "layers". */
function splitIndex(attribute: string): [string, number | undefined] {
  const match = /^(.*)\.(\d+)$/.exec(attribute);
  return match === null ? [attribute, undefined] : [match[1] ?? "", Number(match[2])];
}

/** The file and lines of a class "package.module.Class": a file whose path ends like its module, or that a frame names, which has that class. */
function findClass(name: string, frames: readonly Frame[], files: readonly PythonFile[]): { source: PythonFile; range: readonly [number, number] } | undefined {
  const parts = name.split(".");
  const own = parts.pop() ?? "";
  const wanted = [parts, ...frames.map((frame) => frame.file.replace(/\\/g, "/").replace(/\.py$/, "").split("/"))];
  const ranked = files
    .map((source) => ({ source, score: Math.max(...wanted.map((way) => commonSuffix(source.file.replace(/\.py$/, "").split("/"), way))) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  for (const { source } of ranked) {
    const range = classRange(source, own);
    if (range !== undefined) return { source, range };
  }
  return undefined;
}

function commonSuffix(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}

/** The innermost frame inside the range whose quoted text still stands on its line, or on exactly one other line. */
function frameIn(frames: readonly Frame[], source: PythonFile, [first, last]: readonly [number, number]): number | undefined {
  for (const frame of [...frames].reverse()) {
    const name = frame.file.replace(/\\/g, "/").split("/").at(-1);
    if (name !== source.file.split("/").at(-1) || frame.text === "") continue;
    const same = source.lines.flatMap((line, i) => (line.trim() === frame.text && i + 1 >= first && i + 1 <= last ? [i + 1] : []));
    if (same.includes(frame.line)) return frame.line;
    if (same.length === 1) return same[0];
  }
  return undefined;
}

/** The Python files of a folder and those below, without packages. */
async function readPython(folder: string): Promise<PythonFile[]> {
  const files: PythonFile[] = [];
  const open = [""];
  for (let below = open.shift(); below !== undefined && files.length < mostFiles; below = open.shift()) {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const file = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith(".") && file.split("/").length < 8) open.push(file);
      if (!entry.isFile() || !entry.name.endsWith(".py") || (await stat(join(folder, file))).size > largestFile) continue;
      const text = await readFile(join(folder, file), "utf8").catch(() => "");
      files.push({ file, lines: text.split(/\r?\n/) });
    }
  }
  return files;
}
