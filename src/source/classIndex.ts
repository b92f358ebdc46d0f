import type { Frame } from "../protocol/trace.js";
import { classesOf, type PythonClass } from "./pythonClass.js";
import { lineAt, type PythonFile } from "./pythonFile.js";

/** How far a quoted line is found: on its own line, elsewhere in the range, or not at all. */
export type Quote = { readonly found: true; readonly line: number } | { readonly found: false };

/** The classes of some files, found by the names that exporters write. */
export class ClassIndex {
  readonly #classes: readonly PythonClass[];
  readonly #ways: ReadonlyMap<PythonFile, readonly string[]>;

  /** @param near a folder whose files come first where nothing else tells two classes apart: the model's */
  constructor(
    readonly files: readonly PythonFile[],
    private readonly near = "",
  ) {
    this.#classes = files.flatMap(classesOf);
    this.#ways = new Map(files.map((source) => [source, wayOf(source.file)]));
  }

  get all(): readonly PythonClass[] {
    return this.#classes;
  }

  /**
   * The class "package.module.Outer.Name": in the file whose path has the longest end in common with its module or with a frame, then the one whose text
   * the frames quote. Without any of this evidence, only a class whose name occurs once.
   */
  find(qualified: string, frames: readonly Frame[]): PythonClass | undefined {
    const parts = qualified.split(".");
    const name = parts.at(-1) ?? "";
    const named = this.#classes.filter((one) => one.name === name);
    // A class inside another or inside a function: its module is a shorter part of the name.
    const modules = parts.map((_, end) => parts.slice(0, end)).slice(1);
    const wanted = [...modules, ...frames.map((frame) => wayOf(frame.file))];
    const ranked = named
      .map((one) => ({
        one,
        rank: [
          Math.max(0, ...wanted.map((way) => commonSuffix(this.#ways.get(one.source) ?? [], way))),
          one.outer === (parts.at(-2) ?? null) ? 1 : 0,
          Math.max(0, ...frames.map((frame) => strength(quoteIn(one, frame), frame))),
          commonPrefix(one.source.file.split("/").slice(0, -1), this.near.split("/")),
        ] as const,
      }))
      .sort((a, b) => compare(b.rank, a.rank));
    const [best, next] = ranked;
    if (best === undefined) return undefined;
    const evidence = best.rank[0] > 0 || best.rank[2] > 0;
    if (!evidence && next !== undefined) return undefined;
    // Of two in one file, Python keeps the last.
    const equal = ranked.filter(({ one, rank }) => compare(rank, best.rank) === 0 && one.source === best.one.source);
    return equal.at(-1)?.one;
  }

  /** A class and those it inherits from, nearest first; a base in its own file before one of the same name elsewhere. */
  lineage(start: PythonClass): readonly PythonClass[] {
    const found: PythonClass[] = [start];
    for (const one of found) {
      for (const base of one.bases) {
        const named = this.#classes.filter((other) => other.name === base);
        const other = named.find(({ source }) => source === one.source) ?? this.#imported(one, base, named);
        if (other !== undefined && !found.includes(other)) found.push(other);
      }
    }
    return found;
  }

  /** A class that code in `from` calls by this name ("Encoder", "blocks.Encoder"). */
  called(from: PythonFile, callee: string): PythonClass | undefined {
    const name = callee.split(".").at(-1) ?? "";
    const named = this.#classes.filter((one) => one.name === name);
    const here = named.filter(({ source }) => source === from);
    return here.at(-1) ?? this.#imported(undefined, name, named, from);
  }

  #imported(user: PythonClass | undefined, name: string, named: readonly PythonClass[], file = user?.source): PythonClass | undefined {
    if (named.length < 2) return named[0];
    const pattern = new RegExp(`^\\s*from\\s+([\\w.]+)\\s+import\\s[^]*?\\b${name}\\b`, "m");
    const module = (pattern.exec(file?.code ?? "")?.[1] ?? "").split(".").filter((part) => part !== "");
    const ranked = named.map((one) => ({ one, score: commonSuffix(this.#ways.get(one.source) ?? [], module) })).sort((a, b) => b.score - a.score);
    return ranked[0] !== undefined && ranked[0].score > (ranked[1]?.score ?? 0) ? ranked[0].one : undefined;
  }
}

/** Where in the class a frame's quoted text stands; on several other lines it is found but tells no line. */
export function quoteIn({ source, from, to }: PythonClass, frame: Frame): Quote {
  if (frame.text === "" || wayOf(frame.file).at(-1) !== wayOf(source.file).at(-1)) return { found: false };
  const first = lineAt(source, from);
  const last = lineAt(source, Math.max(from, to - 1));
  if (frame.line >= first && frame.line <= last && source.lines[frame.line - 1]?.trim() === frame.text) return { found: true, line: frame.line };
  const same: number[] = [];
  for (let line = first; line <= last; line++) if (source.lines[line - 1]?.trim() === frame.text) same.push(line);
  return same[0] === undefined ? { found: false } : { found: true, line: same[0] };
}

const strength = (quote: Quote, frame: Frame): number => (quote.found ? (quote.line === frame.line ? 2 : 1) : 0);

/** "C:\\work\\src\\network.py" → C:, work, src, network; a package's own file counts as the package. */
export function wayOf(file: string): readonly string[] {
  const parts = file.replace(/\\/g, "/").replace(/\.py$/, "").split("/");
  return parts.at(-1) === "__init__" ? parts.slice(0, -1) : parts;
}

function commonSuffix(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((x, i) => x - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
