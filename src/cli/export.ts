import { readdirSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ExplainError } from "../base/diagnostic.js";
import { describeSource, onlyEntry, requirePackages, type Description, type ModelEntry } from "../export/describeSource.js";
import { exportKind } from "../export/exportKind.js";
import { exportModel, planExport, type Exported, type ExportJob, type ExportTools } from "../export/exportModel.js";
import { chooseInterpreter } from "../export/interpreter.js";
import { scriptFiles } from "../export/scriptFiles.js";
import type { Io } from "./io.js";
import { asUsage, UsageError } from "./usage.js";
import { withWorker } from "./worker.js";

export const exportHelp = `explain-prediction export <model.pt2 | file.py | model.pt | pipeline.joblib | pipeline.pkl | lightgbm.txt> [options]

Makes an ONNX file with source lines and prints its path. It runs the model's own code in your Python, which needs torch, onnx and onnxscript
(scikit-learn: skl2onnx; LightGBM: onnxmltools). The same model is not exported twice: files lie in .explain, by what they were made from.

Which model
  --class NAME           class, function or variable of a Python file; default: the only one that is no part of another
  --weights FILE         its state_dict, checkpoint or .safetensors; default: the file of the source's name beside it; "none" for fresh ones
  --arg NAME=EXPRESSION  an argument of the constructor, as a Python expression (repeatable); default: its own defaults, then the weights
What it is traced with
  --samples FILE         samples whose first rows are the example; default: those that the sidecar names, else samples.* beside it
  --shape NAME=3,8[:T]   sizes of one row of an input, and its type: float32 (default), int64, … (repeatable)
  --example EXPRESSION   the inputs as a Python expression: (torch.rand(2, 8),)
How
  --python PATH          interpreter or virtual environment; default: python3 on the PATH
  --raw-scores           scikit-learn classifiers: scores instead of probabilities
  --out FILE             write there instead of .explain
  --fresh                export again even when nothing has changed
  --log                  show what Python prints
  --format table|json  --quiet`;

const options = {
  class: { type: "string" },
  weights: { type: "string" },
  arg: { type: "string", multiple: true },
  samples: { type: "string" },
  shape: { type: "string", multiple: true },
  example: { type: "string" },
  python: { type: "string" },
  "raw-scores": { type: "boolean" },
  out: { type: "string" },
  fresh: { type: "boolean" },
  log: { type: "boolean" },
  format: { type: "string" },
  quiet: { type: "boolean" },
} as const;

/** Runs the command. */
export async function exportCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = asUsage(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const [model, extra] = positionals;
  if (model === undefined) throw new UsageError("Name the file: explain-prediction export <file>.");
  if (extra !== undefined) throw new UsageError(`There is one argument too many: "${extra}".`);
  const format = values.format ?? "table";
  if (format !== "table" && format !== "json") throw new UsageError(`--format is one of table, json; "${format}" is not.`);
  const file = resolve(model);
  const kind = await exportKind(file);
  const { path: python } = await chooseInterpreter({ ...(values.python === undefined ? {} : { given: values.python }) });
  const script = fileURLToPath(new URL("../media/python/export.py", import.meta.url));
  const log = (line: string): void => {
    if (values.log === true) io.err(line);
  };
  const run = { python, script, log, signal: io.signal };
  const root = rootOf(file);
  const description = await describeSource(kind, file, root, run);
  requirePackages(description, python);
  const entry = kind === "python" ? chosenEntry(file, description, values.class) : undefined;
  const exported = await withWorker(io, async (worker, callOptions) => {
    const tools: ExportTools = {
      companions: (source) => worker.companions([source], callOptions),
      examples: (...given) => worker.examples(given, callOptions),
      sampleTable: (...given) => worker.sampleTable(given, callOptions),
      predictionCheck: (...given) => worker.predictionCheck(given, callOptions),
    };
    const samples = values.samples === undefined ? ((await tools.companions(file)).samples ?? undefined) : resolve(values.samples);
    const weights = kind === "python" && entry?.kind === "class" ? weightsOf(file, values.weights) : undefined;
    const job: ExportJob = {
      kind,
      file,
      root,
      arguments: Object.fromEntries((values.arg ?? []).map((text) => pair("arg", text))),
      shapes: Object.fromEntries((values.shape ?? []).map(shapeOf)),
      ...(entry === undefined ? {} : { name: entry.name }),
      ...(weights === undefined ? {} : { weights }),
      ...(samples === undefined ? {} : { samples }),
      ...(values.example === undefined ? {} : { example: values.example }),
      ...(values["raw-scores"] === true ? { rawScores: true } : {}),
      ...(values.out === undefined ? {} : { out: resolve(values.out) }),
    };
    const planned = await planExport(job, await scriptFiles(script), description, tools);
    if (planned.done !== undefined && values.fresh !== true) return { model: planned.model, cached: true, ...planned.done };
    if (values.quiet !== true) io.err(whatRuns(job, entry, description));
    io.status("Exporting …");
    return exportModel(job, planned, run, tools);
  });
  io.out(format === "json" ? JSON.stringify(exported, null, 1) : exported.model);
  if (format === "table" && values.quiet !== true) for (const line of remarks(exported)) io.err(line);
  return 0;
}

/** The folder that holds `.explain`: the present one when the file lies in it, else the file's own. */
function rootOf(file: string): string {
  const way = relative(process.cwd(), file);
  return way.startsWith("..") || isAbsolute(way) ? dirname(file) : process.cwd();
}

function chosenEntry(file: string, { entries = [] }: Description, wanted: string | undefined): ModelEntry {
  if (wanted !== undefined) return entries.find(({ name }) => name === wanted) ?? { kind: "class", name: wanted, line: 1, inner: false, parameters: [] };
  const only = onlyEntry(entries);
  if (only !== undefined) return only;
  const names = entries.filter(({ inner }) => !inner).map(({ name }) => name);
  if (names.length === 0)
    throw new ExplainError("MODEL_UNSUPPORTED", `${basename(file)} has no class that inherits from nn.Module.`, {
      file,
      hint: "Name what makes the model if it is there in another way: --class NAME.",
    });
  throw new UsageError(`${basename(file)} has several models: ${names.join(", ")}. Name one with --class.`);
}

/**
 * The weights: those named, else the file beside the source that has its name, or the only one beside the only source. Which of others is meant is not guessed: a model with the
 * wrong weights, or fresh ones, explains nothing.
 */
function weightsOf(file: string, said: string | undefined): string | undefined {
  if (said === "none") return undefined;
  if (said !== undefined) return resolve(said);
  const stem = basename(file, extname(file));
  const names = readdirSync(dirname(file));
  const beside = names.filter((name) => [".pt", ".pth", ".safetensors", ".ckpt"].includes(extname(name).toLowerCase()));
  const alone = beside.length === 1 && names.filter((name) => name.endsWith(".py")).length === 1;
  const own = beside.find((name) => basename(name, extname(name)) === stem) ?? (alone ? beside[0] : undefined);
  if (own === undefined && beside.length > 0)
    throw new UsageError(
      `Which weights belong to ${basename(file)}? Beside it: ${beside.join(", ")}. Name them with --weights FILE, or fresh ones with --weights none.`,
    );
  return own === undefined ? undefined : join(dirname(file), own);
}

function whatRuns({ kind, file, weights, samples }: ExportJob, entry: ModelEntry | undefined, { python }: Description): string {
  const what =
    entry === undefined
      ? { pt2: "loads", pt: "unpickles", sklearn: "unpickles", lightgbm: "loads", python: "imports" }[kind]
      : `imports ${basename(file)} and ${entry.kind === "instance" ? "takes" : "calls"} ${entry.name}:`;
  const parts = [
    `Runs the model's code: ${python.executable} (Python ${python.version}) ${what} ${file}`,
    entry?.kind === "class" ? (weights === undefined ? "with fresh weights (none were given)" : `with the weights in ${weights}`) : "",
    samples === undefined ? "" : `on the first rows of ${samples}`,
  ];
  return `${parts.filter((part) => part !== "").join(", ")}.`;
}

function remarks({ model, cached, notes, check }: Exported): readonly string[] {
  return [
    ...(cached ? ["Nothing has changed since it was exported (--fresh exports it again)."] : []),
    ...(check === null || notes.some((note) => note.includes("differ"))
      ? []
      : [`Its predictions equal Python's on ${check.rows} sample${check.rows === 1 ? "" : "s"}, to ${check.difference.toExponential(0)}.`]),
    ...notes,
    `Explain it: explain-prediction explain ${/\s/.test(model) ? `"${model}"` : model}`,
  ];
}

function pair(option: string, text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UsageError(`--${option} is NAME=VALUE; "${text}" is not.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function shapeOf(text: string): readonly [string, { readonly dims: readonly number[]; readonly dtype?: string }] {
  const [name, value] = pair("shape", text);
  const match = /^(\d+(?:[,x]\d+)*)?(?::(\w+))?$/.exec(value);
  if (match === null) throw new UsageError(`--shape is NAME=3,8 or NAME=3,8:int64; "${text}" is not.`);
  const dims = (match[1] ?? "")
    .split(/[,x]/)
    .filter((part) => part !== "")
    .map(Number);
  return [name, { dims, ...(match[2] === undefined ? {} : { dtype: match[2] }) }];
}
