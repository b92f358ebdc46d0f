import type { LayerSource, LayerTrace } from "../protocol/trace.js";
import type { ClassIndex } from "./classIndex.js";
import type { Locator } from "./locate.js";
import { assignmentsOf, usesOf, type PythonClass } from "./pythonClass.js";
import { lineAt, type PythonFile } from "./pythonFile.js";

/** What is found of a model whose exporter wrote paths but no classes. */
export interface Unnamed {
  readonly root: PythonClass | null;
  readonly layers: ReadonlyMap<string, LayerSource>;
}

/** A model has at least this part of the outermost names; the rest may be members of a ModuleDict, which are named without it. */
const leastKnown = 0.6;

/**
 * Layers of older exporters ("/encoder/layer.3/attention/self/query/MatMul"): the one class that has most of the outermost attributes is the model; from there
 * the path is followed through the classes it makes, as far as it leads. Nothing is found when two classes fit equally well.
 */
export function locateByPath(traces: readonly LayerTrace[], index: ClassIndex, locator: Locator): Unnamed {
  const outermost = [...new Set(traces.map(({ path }) => path.split(".")[0] ?? ""))];
  const has = (one: PythonClass): number =>
    outermost.filter((attribute) => index.lineage(one).some((base) => assignmentsOf(base, attribute).length > 0)).length;
  const counts = index.all.map((one) => ({ one, count: has(one) }));
  const most = Math.max(0, ...counts.map(({ count }) => count));
  const fits = counts.filter(({ count }) => count === most && count >= leastKnown * outermost.length).map(({ one }) => one);
  // A class that only inherits what it needs is as good as its base.
  const roots = fits.filter((one) => !fits.some((other) => other !== one && index.lineage(one).includes(other)));
  const [root] = roots;
  if (root === undefined || most === 0 || roots.length > 1) return { root: null, layers: new Map() };
  const lineage = index.lineage(root);
  const layers = new Map<string, LayerSource>();
  for (const { path } of traces) {
    const parts = path.split(".");
    const found = follow(lineage, parts, index, locator) ?? inDictionary(lineage, parts, locator);
    if (found !== null) layers.set(path, found);
  }
  return { root, layers };
}

/** A member of a ModuleDict: "left" of `self.heads = nn.ModuleDict({"left": …})`. */
function inDictionary(lineage: readonly PythonClass[], path: readonly string[], locator: Locator): LayerSource | null {
  for (const one of lineage) {
    for (const [, attribute = ""] of one.source.code.slice(one.from, one.to).matchAll(/\bself\.(\w+)\s*=\s*(?:[\w.]*\.)?ModuleDict\s*\(/g)) {
      const { made, whole } = locator.walk(lineage, [attribute, ...path]);
      if (made === undefined || !whole) continue;
      const calls = lineage.flatMap((user) => usesOf(user, [attribute, ...path]).map((line) => ({ file: user.source.file, line })));
      return { file: made.source.file, definition: made.line, calls };
    }
  }
  return null;
}

function follow(lineage: readonly PythonClass[], path: readonly string[], index: ClassIndex, locator: Locator): LayerSource | null {
  const { made, whole } = locator.walk(lineage, path);
  if (made === undefined || !whole) return null;
  // The innermost class on the way that holds the rest of it calls the layer.
  for (let end = path.length - 1; end >= 0; end--) {
    const owner = end === 0 ? lineage : ownerAt(lineage, path.slice(0, end), index, locator);
    if (owner === undefined) continue;
    const uses = (way: readonly string[]): LayerSource["calls"] => owner.flatMap((one) => usesOf(one, way).map((line) => ({ file: one.source.file, line })));
    const own = uses(path.slice(end));
    // A member of a Sequential is called where its container is.
    return { file: made.source.file, definition: made.line, calls: own.length > 0 || end > path.length - 2 ? own : uses(path.slice(end, -1)) };
  }
  return { file: made.source.file, definition: made.line, calls: [] };
}

function ownerAt(lineage: readonly PythonClass[], path: readonly string[], index: ClassIndex, locator: Locator): readonly PythonClass[] | undefined {
  const { made, whole } = locator.walk(lineage, path);
  const inside = made === undefined || !whole ? undefined : locator.classMade(made);
  return inside === undefined ? undefined : index.lineage(inside);
}

/**
 * Layers of Keras ("model/dense_1/MatMul"): the line that gives the layer its name, `Dense(12, name="dense_1")`, where it is the only such line.
 * Names that Keras counted itself ("dense", "dense_1") are the n-th call of that class, where one file has as many calls as the model has layers.
 */
export function locateKeras(traces: readonly LayerTrace[], files: readonly PythonFile[]): ReadonlyMap<string, LayerSource> {
  const sources = files.filter(({ code }) => /\b(keras|tensorflow)\b/.test(code));
  const found = new Map<string, LayerSource>();
  const counted = new Map<string, LayerTrace[]>();
  for (const trace of traces) {
    const name = trace.path.split(".").at(-1) ?? "";
    const lines = sources.flatMap((source) =>
      [...source.text.matchAll(new RegExp(`\\bname\\s*=\\s*["']${name.replace(/\W/g, "\\$&")}["']`, "g"))].map((match) => ({
        source,
        line: lineAt(source, match.index),
      })),
    );
    const [only] = lines;
    if (only !== undefined && lines.length === 1) found.set(trace.path, { file: only.source.file, definition: only.line, calls: [] });
    const kind = /^([a-z][a-z0-9_]*?)(_\d+)?$/.exec(name)?.[1];
    if (kind !== undefined && lines.length === 0) counted.set(kind, [...(counted.get(kind) ?? []), trace]);
  }
  for (const [kind, layers] of counted) {
    const calls = sources.map((source) =>
      [...source.code.matchAll(/\b([A-Z]\w*)\s*\(/g)]
        .filter((match) => snake(match[1] ?? "") === kind)
        .map((match) => ({ source, line: lineAt(source, match.index) })),
    );
    const fitting = calls.filter((lines) => lines.length === layers.length);
    const [lines] = fitting;
    if (lines === undefined || fitting.length > 1) continue;
    const number = ({ path }: LayerTrace): number => Number(/_(\d+)$/.exec(path)?.[1] ?? 0);
    for (const [i, layer] of [...layers].sort((a, b) => number(a) - number(b)).entries()) {
      const at = lines[i];
      if (at !== undefined) found.set(layer.path, { file: at.source.file, definition: at.line, calls: [] });
    }
  }
  return found;
}

/** "BatchNormalization" → batch_normalization, "Conv2D" → conv2d, "LSTM" → lstm, as Keras names its layers. */
function snake(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z0-9]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
