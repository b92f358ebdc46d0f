import type { LayerSource, LayerTrace } from "../protocol/trace.js";
import { ClassIndex, wayOf } from "./classIndex.js";
import { requiredArguments, type RequiredArgument } from "./constructor.js";
import { Locator } from "./locate.js";
import type { PythonClass } from "./pythonClass.js";
import { pythonFile, type PythonFile } from "./pythonFile.js";
import { locateByPath, locateKeras } from "./unnamed.js";

/** Access to Python source, whoever has it: a folder on disk, or a workspace with files that are being edited. */
export interface SourceFiles {
  /** Names of the Python files, with "/". */
  list(): Promise<readonly string[]>;
  /** A file's text; undefined when it can't be read. */
  read(file: string): Promise<string | undefined>;
}

/** A model's layers on their source lines. */
export interface ModelSources {
  /** The `class` line of the model and what its constructor asks for; null when it is not found. */
  readonly model: { readonly file: string; readonly line: number; readonly name: string; readonly arguments: readonly RequiredArgument[] } | null;
  /** By module path; layers that are not found are left out. */
  readonly layers: ReadonlyMap<string, LayerSource>;
}

/**
 * Looks for the source lines of a model's layers, containers before what they hold. Files whose names the traces hint at are read first, all others only when
 * that leaves something open.
 * @param near the model's folder, as the search names folders: it comes first where nothing else tells two files apart
 */
export async function findSources(traces: readonly LayerTrace[], files: SourceFiles, near = ""): Promise<ModelSources> {
  if (traces.length === 0) return { model: null, layers: new Map() };
  const names = await files.list();
  const hints = new Set(traces.flatMap(hintsOf));
  const hinted = names.filter((name) => hints.has(stem(name)));
  const first = await readAll(hinted, files);
  const found = locateAll(traces, first, near);
  const own = traces.filter((trace) => !(trace.owner?.class ?? "torch.").startsWith("torch."));
  const open =
    traces.every((trace) => trace.owner === null) || found.layers.size === 0 || own.some(({ path }) => (found.layers.get(path)?.definition ?? null) === null);
  if (!open || hinted.length === names.length) return found;
  const rest = await readAll(
    names.filter((name) => !hinted.includes(name)),
    files,
  );
  return locateAll(traces, [...first, ...rest], near);
}

/** The same over files that are at hand. */
function locateAll(traces: readonly LayerTrace[], files: readonly PythonFile[], near = ""): ModelSources {
  const index = new ClassIndex(files, near);
  const locator = new Locator(index);
  if (traces.every((trace) => trace.owner === null)) {
    const { root, layers } = locateByPath(traces, index, locator);
    return layers.size > 0 ? { model: lineOf(root), layers } : { model: null, layers: locateKeras(traces, files) };
  }
  locator.locateRoot(traces);
  const layers = new Map<string, LayerSource>();
  for (const trace of traces) {
    const source = locator.locate(trace);
    if (source !== null) layers.set(trace.path, source);
  }
  const outermost = traces.find(({ owner }) => owner?.path === "");
  return { model: outermost?.owner == null ? null : lineOf(index.find(outermost.owner.class, outermost.frames) ?? null), layers };
}

function lineOf(found: PythonClass | null): ModelSources["model"] {
  return found === null ? null : { file: found.source.file, line: found.line, name: found.name, arguments: requiredArguments(found) };
}

async function readAll(names: readonly string[], files: SourceFiles): Promise<PythonFile[]> {
  const texts = await Promise.all(names.map(async (name) => ({ name, text: await files.read(name) })));
  return texts.flatMap(({ name, text }) => (text === undefined ? [] : [pythonFile(name, text)]));
}

/** Names of files that a trace hints at: those of its frames, and every part of its owner's module. */
function hintsOf({ owner, frames }: LayerTrace): string[] {
  return [...frames.map(({ file }) => stem(file)), ...(owner?.class.split(".").slice(0, -1) ?? [])];
}

/** "src/models/network.py" → network; a package's own file counts as the package. */
function stem(file: string): string {
  return wayOf(file).at(-1) ?? "";
}
