import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ExplainError, formatDiagnostic } from "../base/diagnostic.js";
import { exportFolder, exportPlace } from "../base/exportPlace.js";
import { writeWhole } from "../base/writeWhole.js";
import type {
  ExampleInput,
  ExportKind,
  FirstLayer,
  ForwardInput,
  PredictionCheck,
  PythonPrediction,
  SampleTable,
  SourceCompanions,
} from "../protocol/pythonExport.js";
import type { Description } from "./describeSource.js";
import { exportKey } from "./exportKey.js";
import { putInPlace } from "./putInPlace.js";
import { runPython, type PythonRun } from "./runPython.js";

/** What is exported, and how. */
export interface ExportJob {
  readonly kind: ExportKind;
  /** Absolute. */
  readonly file: string;
  /** The workspace: `.explain` is made there, and the model's code may import from it. */
  readonly root: string;
  /** Class, function or variable of a Python file. */
  readonly name?: string;
  /** Python expressions by the constructor's parameters. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly weights?: string;
  readonly samples?: string;
  /** Sizes of one row of an input, and its type. */
  readonly shapes: Readonly<Record<string, { readonly dims: readonly number[]; readonly dtype?: string }>>;
  /** A Python expression for the example. */
  readonly example?: string;
  /** scikit-learn: what a classifier computes before its probabilities. */
  readonly rawScores?: boolean;
  /** Write there instead of `.explain`. */
  readonly out?: string;
}

/** What of the worker an export needs. */
export interface ExportTools {
  companions(source: string): Promise<SourceCompanions>;
  examples(source: string, samples: string, inputs: readonly ForwardInput[], layer: FirstLayer | null): Promise<readonly ExampleInput[]>;
  sampleTable(samples: string, count: number): Promise<SampleTable>;
  predictionCheck(model: string, prediction: PythonPrediction): Promise<PredictionCheck | null>;
}

/** The ONNX file, and what is to be said of it. */
export interface Exported {
  readonly model: string;
  /** It was there already, and nothing that it depends on has changed. */
  readonly cached: boolean;
  /** Sentences for the person. */
  readonly notes: readonly string[];
  /** Null when there was nothing to compare. */
  readonly check: PredictionCheck | null;
}

const tableRows = 8;
/** A larger difference between Python's numbers and the file's is worth a sentence. */
const noticeable = 1e-4;
const recordFile = "export.json";
/** Exports of one source that are kept. */
const mostKept = 8;

/** Where the file of a job will be, and whether it is there. */
export interface PlannedExport {
  readonly model: string;
  readonly key: string;
  readonly done: Omit<Exported, "model" | "cached"> | undefined;
}

/** The file that a job leads to; nothing of the model is run for it. */
export async function planExport(
  job: ExportJob,
  script: readonly string[],
  { files, packages, python }: Description,
  tools: ExportTools,
): Promise<PlannedExport> {
  const { kind, file, root, name, weights, samples, shapes, example, rawScores } = job;
  const shape = samples === undefined ? undefined : await tools.sampleTable(samples, 1).then((table) => table.shape);
  const facts = { kind, source: basename(file), name, arguments: job.arguments, shapes, example, rawScores, shape, packages, python: python.version };
  const key = await exportKey({ files: [...files, ...(weights === undefined ? [] : [weights]), ...script], facts });
  const model = job.out ?? exportPlace(root, file, key);
  return { model, key, done: job.out === undefined ? await recordOf(model) : undefined };
}

/** Runs the export script for a job, puts the file in its place and compares it with Python. The model's code runs in the interpreter. */
export async function exportModel(
  job: ExportJob,
  planned: PlannedExport,
  run: Pick<PythonRun, "python" | "script" | "log" | "signal">,
  tools: ExportTools,
): Promise<Exported> {
  const { kind, file, root, name, weights, samples, shapes, example, rawScores } = job;
  const { outputs } = await tools.companions(file);
  const folder = dirname(planned.model);
  const part = job.out === undefined ? `${folder}.part-${randomUUID().slice(0, 8)}` : folder;
  await makeFolder(part, job.out === undefined ? join(folder.slice(0, folder.lastIndexOf(exportFolder)), exportFolder) : undefined);
  const out = join(part, basename(planned.model));
  const request = {
    do: "export",
    kind,
    file,
    roots: [root],
    name,
    arguments: job.arguments,
    weights,
    shapes,
    example,
    rawScores,
    outputNames: outputs,
    out,
  };
  try {
    const answer = (await runPython({
      ...run,
      folder: dirname(file),
      request,
      answer: (question) => answerOf(question as Question, file, samples, tools),
    })) as {
      readonly notes: readonly string[];
      readonly prediction?: PythonPrediction;
    };
    const check = answer.prediction === undefined ? null : await tools.predictionCheck(out, answer.prediction);
    const notes = [...answer.notes.map(noteWords), ...checkNotes(check)];
    if (job.out === undefined) {
      await writeWhole(join(part, recordFile), `${JSON.stringify({ source: file, name, notes, check }, null, 1)}\n`);
      await putInPlace(part, folder, async () => (await recordOf(planned.model)) !== undefined);
      await removeOldest(planned.model);
    }
    return { model: planned.model, cached: false, notes, check };
  } finally {
    if (job.out === undefined) await rm(part, { recursive: true, force: true });
  }
}

interface Question {
  readonly inputs?: readonly ForwardInput[];
  readonly hint?: FirstLayer | null;
  readonly table?: { readonly columns: readonly string[] | null; readonly width: number | null };
}

/** Examples from the samples. That they don't fit is no failure yet: sizes may be said, or the model brings an example along. */
async function answerOf({ inputs, hint, table }: Question, file: string, samples: string | undefined, tools: ExportTools): Promise<object> {
  if (samples === undefined) return { none: true, reason: "There are no samples." };
  try {
    if (inputs !== undefined) return { inputs: await tools.examples(file, samples, inputs, hint ?? null) };
    return table === undefined ? {} : tableFor(await tools.sampleTable(samples, tableRows), table.columns, table.width);
  } catch (error) {
    if (!(error instanceof ExplainError)) throw error;
    return { reason: formatDiagnostic(error.diagnostic) };
  }
}

/** The columns that a model names, else those of numbers when they are as many as it takes. */
function tableFor({ columns, rows }: SampleTable, names: readonly string[] | null, width: number | null): object {
  const numeric = columns.map((_, i) => i).filter((i) => rows.every((row) => typeof row[i] === "number" || row[i] === null));
  const wanted = names === null ? numeric : names.map((name) => columns.indexOf(name));
  if (wanted.includes(-1) || (names === null && width !== null && wanted.length !== width)) return { reason: "The samples have other columns than the model." };
  return { columns: wanted.map((i) => columns[i]), rows: rows.map((row) => wanted.map((i) => row[i] ?? null)) };
}

function noteWords(note: string): string {
  const [kind, ...details] = note.split(" ");
  switch (kind) {
    case "fixedBatch":
      return "The number of rows is fixed in the file.";
    case "fixedLength":
      return "The length of texts is fixed in the file, to that of the example.";
    case "otherVersion":
      return `The model was saved with scikit-learn ${details[0] ?? "?"} and read with ${details[1] ?? "?"}: its predictions may differ from those it was trained for.`;
    default:
      return note;
  }
}

function checkNotes(check: PredictionCheck | null): readonly string[] {
  if (check === null || check.difference <= noticeable) return [];
  return [`The file's predictions differ from Python's by up to ${check.difference.toPrecision(2)} on ${check.rows} sample${check.rows === 1 ? "" : "s"}.`];
}

async function recordOf(model: string): Promise<PlannedExport["done"]> {
  if ((await stat(model).catch(() => undefined)) === undefined) return undefined;
  try {
    const { notes, check } = JSON.parse(await readFile(join(dirname(model), recordFile), "utf8")) as Exported;
    return { notes, check };
  } catch {
    return undefined;
  }
}

/** Keeps the newest exports of a source: going back to a former version is quick, and old ones don't fill the disk. */
async function removeOldest(model: string): Promise<void> {
  const folder = dirname(dirname(model));
  const others = (await readdir(folder)).filter((name) => /^[0-9a-f]{12}$/.test(name)).map((name) => join(folder, name));
  const dated = await Promise.all(others.map(async (one) => ({ one, time: (await stat(join(one, basename(model))).catch(() => undefined))?.mtimeMs })));
  const same = dated.flatMap(({ one, time }) => (time === undefined ? [] : [{ one, time }])).sort((a, b) => b.time - a.time);
  for (const { one } of same.slice(mostKept)) await rm(one, { recursive: true, force: true });
}

/** A folder for the file; what lies in `.explain` is kept out of version control. */
async function makeFolder(folder: string, explain: string | undefined): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if (explain !== undefined) await writeFile(join(explain, ".gitignore"), "*\n");
  } catch (error) {
    throw new ExplainError("FILE_NOT_FOUND", `The folder ${folder} can't be made: ${error instanceof Error ? error.message : String(error)}`, {
      hint: "Check that the workspace may be written to.",
    });
  }
}
