import { dirname } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { ExportKind } from "../protocol/pythonExport.js";
import { missingPackages } from "./exportFailure.js";
import { runPython, type PythonRun } from "./runPython.js";

/** A parameter of a constructor or function, as the source writes it. */
export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly annotation?: string;
  readonly default?: string;
}

/** Something of a Python file that a model can be had from. */
export interface ModelEntry {
  readonly kind: "class" | "function" | "instance";
  readonly name: string;
  readonly line: number;
  /** A part of another class of the file. */
  readonly inner: boolean;
  readonly parameters: readonly Parameter[];
}

/** What is known of a file before anything of it is run. */
export interface Description {
  readonly python: { readonly executable: string; readonly version: string };
  /** pip's name → version; null where it is missing. */
  readonly packages: Readonly<Record<string, string | null>>;
  /** Of a Python file: what a model can be had from, whole models first. */
  readonly entries?: readonly ModelEntry[];
  /** The file and the local files that it imports. */
  readonly files: readonly string[];
}

/** Has the interpreter read the file as text and say which packages it has; nothing of the file is run. */
export async function describeSource(
  kind: ExportKind,
  file: string,
  root: string,
  run: Pick<PythonRun, "python" | "script" | "log" | "signal">,
): Promise<Description> {
  const found = (await runPython({ ...run, folder: dirname(file), request: { do: "describe", kind, file, roots: [root] } })) as Description;
  const rank = (entry: ModelEntry): number => (entry.inner ? 2 : entry.kind === "class" ? 1 : 0);
  return found.entries === undefined ? found : { ...found, entries: [...found.entries].sort((a, b) => rank(a) - rank(b) || a.line - b.line) };
}

/** Throws PYTHON_PACKAGE_MISSING with the command that installs what an interpreter lacks. */
export function requirePackages({ packages }: Description, python: string): void {
  const missing = Object.keys(packages).filter((name) => packages[name] === null);
  if (missing.length === 0) return;
  const { code, message, hint } = missingPackages(missing, python);
  throw new ExplainError(code, message, { hint });
}

/** The one model of a Python file, when there is only one that is no part of another. */
export function onlyEntry(entries: readonly ModelEntry[]): ModelEntry | undefined {
  const whole = entries.filter(({ inner }) => !inner);
  return whole.length === 1 ? whole[0] : entries.length === 1 ? entries[0] : undefined;
}
