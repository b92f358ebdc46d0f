import type { LayerSource, LayerTrace } from "../protocol/trace.js";
import { quoteIn, type ClassIndex } from "./classIndex.js";
import { assignmentsOf, containersOf, itemOf, usesOf, type Expression, type PythonClass } from "./pythonClass.js";

interface Found {
  readonly source: LayerSource;
  /** The expression that makes the layer, when all of its way is known. */
  readonly made?: Expression;
}

const containers = /(^|\.)(Sequential|ModuleList|ModuleDict)$/;
/** Bases that assign no layers of their own. */
const plainBases = new Set(["Module", "object", "ABC", "Generic", "Protocol", "LightningModule"]);

/** Where layers are made and called. Layers come before those they hold. */
export class Locator {
  readonly #index: ClassIndex;
  readonly #found = new Map<string, Found>();

  constructor(index: ClassIndex) {
    this.#index = index;
  }

  /** Looks for a layer whose exporter wrote classes; null when nothing is found. */
  locate(trace: LayerTrace): LayerSource | null {
    const found = this.#look(trace);
    if (found !== undefined) this.#found.set(trace.path, found);
    return found?.source ?? null;
  }

  /**
   * A model that is a container itself has no class of the workspace and no frame in it: it is the one container whose items are all of the classes that were exported.
   * Without it, or with two such, its layers are not found.
   */
  locateRoot(traces: readonly LayerTrace[]): Expression | undefined {
    const items = traces.filter(({ owner }) => owner?.path === "" && containers.test(owner.class));
    if (items.length === 0) return undefined;
    const made = this.#index.files.flatMap(containersOf).filter((one) =>
      items.every((trace) => {
        const item = itemOf(one, trace.attribute);
        return item !== undefined && (names(item, trace.class?.split(".").at(-1) ?? "") || this.classMade(item)?.name === trace.class?.split(".").at(-1));
      }),
    );
    const [only] = made;
    if (only === undefined || made.length > 1) return undefined;
    this.#found.set("", { source: { file: only.source.file, definition: only.line, calls: [] }, made: only });
    return only;
  }

  #look(trace: LayerTrace): Found | undefined {
    const { owner } = trace;
    if (owner === null) return undefined;
    const home = containers.test(owner.class) ? undefined : this.#index.find(owner.class, trace.frames);
    if (home === undefined) return this.#inContainer(trace, owner.path);
    const lineage = this.#index.lineage(home);
    const path = trace.attribute.split(".");
    const { made, whole } = this.walk(lineage, path, trace.class);
    const quotes = trace.frames.filter((frame) => lineage.some((one) => sameFile(one, frame.file)));
    const stands = lineage.flatMap((one) =>
      quotes.flatMap((frame) => [quoteIn(one, frame)].flatMap((quote) => (quote.found ? [{ one, line: quote.line }] : []))),
    );
    const uses = lineage.flatMap((one) => usesOf(one, path).map((line) => ({ file: one.source.file, line })));
    // A layer called through a variable (`for layer in self.layers`): the quoted line in the class that holds it.
    const last = stands.at(-1);
    const calls = uses.length > 0 || path.length === 1 || last === undefined ? uses : [{ file: last.one.source.file, line: last.line }];
    const gone = made === undefined && this.#isWhole(lineage);
    const differs = (quotes.length > 0 && stands.length === 0) || gone || (made !== undefined && whole && isOther(made, trace.class));
    if (made === undefined && calls.length === 0 && !differs) return undefined;
    const place = { file: (made?.source ?? home.source).file, definition: made?.line ?? null, calls, ...(differs ? { differs } : {}) } as const;
    return { source: place, ...(made !== undefined && whole ? { made } : {}) };
  }

  /** A member of a Sequential: defined among its items, called where it is called. */
  #inContainer(trace: LayerTrace, owner: string): Found | undefined {
    const held = this.#found.get(owner);
    if (held === undefined) return undefined;
    const parts = trace.attribute.split(".");
    const made =
      held.made === undefined ? undefined : parts.reduce<Expression | undefined>((at, part) => (at === undefined ? at : itemOf(at, part)), held.made);
    if (made === undefined) return { source: held.source };
    const differs = held.source.differs === true || isOther(made, trace.class);
    const { differs: _, ...rest } = held.source;
    return { source: { ...rest, file: made.source.file, definition: made.line, ...(differs ? { differs } : {}) }, made };
  }

  /**
   * Follows attributes from a class: through items of containers and through classes of the workspace.
   * `whole` is false when the way is known only in part: then `made` is the last expression on it.
   */
  walk(lineage: readonly PythonClass[], path: readonly string[], wanted: string | null = null): { readonly made?: Expression; readonly whole: boolean } {
    const [first = "", ...rest] = path;
    const [start] = lineage.flatMap((one) => preferred(assignmentsOf(one, first), wanted));
    if (start === undefined) return { whole: false };
    let made = start;
    for (const part of rest) {
      const next = this.#step(made, part);
      if (next === undefined) return { made, whole: false };
      made = next;
    }
    return { made, whole: true };
  }

  #step(made: Expression, part: string): Expression | undefined {
    if (containers.test(made.callee)) return itemOf(made, part);
    const inside = this.classMade(made);
    return inside === undefined ? undefined : this.#index.lineage(inside).flatMap((one) => assignmentsOf(one, part))[0];
  }

  /** Whether everything that could assign a layer of the class is in sight: no base from elsewhere, no name that is put together. */
  #isWhole(lineage: readonly PythonClass[]): boolean {
    const known = new Set(lineage.map((one) => one.name));
    const dynamic = /\bsetattr\(|\badd_module\(\s*(?!["'])|\badd_module\(\s*f["']|__dict__/;
    return lineage.every((one) => one.bases.every((base) => known.has(base) || plainBases.has(base)) && !dynamic.test(one.source.code.slice(one.from, one.to)));
  }

  /** The workspace's class that an expression calls. */
  classMade(made: Expression): PythonClass | undefined {
    return made.callee === "" ? undefined : this.#index.called(made.source, made.callee);
  }
}

/** Of several assignments to one attribute (`if`, `else`), those that name the exported class come first. */
function preferred(assignments: readonly Expression[], wanted: string | null): readonly Expression[] {
  const name = wanted?.split(".").at(-1) ?? "";
  return [...assignments].sort((a, b) => Number(names(b, name)) - Number(names(a, name)));
}

const names = ({ callee }: Expression, name: string): boolean => callee === name || callee.endsWith(`.${name}`);

/** Whether the text makes another class of torch than was exported: `nn.GELU()` where the model has a ReLU. */
function isOther(made: Expression, exported: string | null): boolean {
  if (exported === null || !exported.startsWith("torch.nn.")) return false;
  const name = exported.split(".").at(-1) ?? "";
  const written = /(?:^|\.)nn\.(?:Lazy)?([A-Z]\w*)$/.exec(made.callee)?.[1];
  const { lines } = made.source;
  return written !== undefined && written !== name && !new RegExp(`\\b(Lazy)?${name}\\b`).test(lines[made.line - 1] ?? "");
}

function sameFile(one: PythonClass, file: string): boolean {
  return one.source.file.split("/").at(-1) === file.replace(/\\/g, "/").split("/").at(-1);
}
