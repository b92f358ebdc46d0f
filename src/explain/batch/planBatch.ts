import { ExplainError } from "../../base/diagnostic.js";
import { mapColumns } from "../../data/mapping.js";
import { openSamples } from "../../data/samples.js";
import { rowDims } from "../../data/inputSlot.js";
import type { BatchPlan } from "../../protocol/batch.js";
import type { Explanation } from "../../protocol/explanation.js";
import type { ExplainRequest } from "../../protocol/request.js";
import type { OpenModel } from "../../runtime/openModel.js";
import { staticOptions } from "../compile/compilable.js";
import { explainPrepared } from "../explain.js";
import { prepare, type ExplainContext } from "../prepare.js";
import { inFile } from "../sampleRows.js";
import { readSetting, type Setting } from "../setting.js";
import { columnsOf, inputsOf } from "./batchCells.js";
import { fingerprints } from "./fingerprints.js";
import { openTolerant } from "./openDataset.js";
import { isRowFailure } from "../../base/rowFailure.js";

/** Rows of a piece of small samples; `explain` runs as many together, so that pieces are made of the same runs. */
const together = 512;
const mostRows = 2048;
/** Elements of the samples of one piece: fewer rows of larger samples, so that progress is seen and little is lost. */
const elementsOfPiece = 2 ** 21;
/** Pieces that a small file is cut into, so that all cores have work. */
const fewestPieces = 16;
/** Rows that are tried for a first good one. */
const looked = 100;
/** Rows whose values are kept for the drawings. */
const drawn = 500;

/**
 * Looks at a data set before it is explained: one good row says what the result's columns are. Throws what is wrong with the request, and the first row's own error when
 * none of the first rows can be explained.
 */
export async function planBatch(asked: ExplainRequest, opened: OpenModel, context: ExplainContext): Promise<BatchPlan> {
  const { rows: _, threads, aggregate: __, ...request } = asked;
  if ((request.targets?.length ?? 1) > 1 || request.targets?.some((target) => /^top:(?!1$)/u.test(target)) === true)
    throw new ExplainError("OPTION_INVALID", "A data set has one result a row, so one target.", {
      hint: "Name one target, or start one run for each.",
    });
  const setting = await readSetting(request, opened);
  const samplesFile = request.samples ?? setting.sidecar.samples;
  if (samplesFile === undefined) throw new ExplainError("INPUT_MISSING", "No data set was named.", { hint: "Name a CSV, TSV, JSONL or Parquet file." });
  context.progress?.({ message: "Reading the data" });
  const samples = await openTolerant(samplesFile);
  try {
    await checkBaselines(request);
    const total = await samples.count();
    const mapping = inFile(samplesFile, () => mapColumns(setting.slots, samples.columns, samples.first ?? [], setting.sidecar));
    // The same points for every row, as on a cluster, unless somebody asks for a tolerance.
    const options =
      request.options?.["tolerance"] === undefined
        ? staticOptions(request.method ?? setting.sidecar.method ?? "integratedGradients", request.options)
        : request.options;
    const everyRow = { ...request, ...(Object.keys(options).length === 0 ? {} : { options }), samples: samplesFile };
    const ask = { ...everyRow, ...(threads === undefined ? {} : { threads }) };
    const { explanation, setting: used } = await firstGood(ask, opened, context, { setting, samples }, total);
    const [result] = explanation.results;
    if (result === undefined) throw new ExplainError("INTERNAL", "The first row has no result.");
    const pictures = new Set(used.slots.filter(({ role }) => role === "image").map(({ name }) => name));
    const inputs = inputsOf(result.attributions, listed(used, Object.keys(result.attributions)), pictures);
    const { data, labels } = result.prediction;
    const { rows: ___, threads: ____, ...filled } = explanation.request;
    const layout = { id: mapping.id ?? null, label: mapping.label ?? null, scores: data.length, classes: labels ?? null, inputs };
    const elements = Object.values(result.attributions).reduce((sum, credit) => sum + credit.data.length, 0);
    return {
      version: 1,
      asked: everyRow,
      request: filled,
      samples: samplesFile,
      total,
      chunk: pieceRows(total, elements),
      ...layout,
      columns: columnsOf(layout),
      stride: Math.max(1, Math.ceil(total / drawn)),
      fingerprints: await fingerprints({ model: opened.file, samples: samplesFile, others: filesBehind(request, setting) }, context.signal),
      diagnostics: explanation.diagnostics,
    };
  } finally {
    await samples.close();
  }
}

async function firstGood(
  request: ExplainRequest,
  opened: OpenModel,
  context: ExplainContext,
  known: NonNullable<Parameters<typeof prepare>[3]>,
  total: number,
): Promise<{ readonly explanation: Explanation; readonly setting: Setting }> {
  let reason: unknown;
  for (let row = 0; row < Math.min(total, looked); row++) {
    const one = { ...request, rows: [row] };
    try {
      return { explanation: await explainPrepared(one, await prepare(one, opened, context, known), context), setting: known.setting };
    } catch (error) {
      if (!isRowFailure(error)) throw error;
      reason ??= error;
    }
  }
  throw reason;
}

/** Credits whose number differs from row to row: of inputs with an axis of no fixed size, and of layers behind them. */
function listed({ slots }: Setting, names: readonly string[]): ReadonlySet<string> {
  const open = slots.filter((slot) => slot.role === "tokens" || rowDims(slot)?.some((d) => typeof d !== "number") === true).map((slot) => slot.name);
  const inputs = slots.map((slot) => slot.name);
  return new Set(names.filter((name) => (inputs.includes(name) ? open.includes(name) : open.length > 0)));
}

function pieceRows(total: number, elements: number): number {
  const most = Math.min(mostRows, Math.floor(elementsOfPiece / Math.max(1, elements)));
  if (most < together) return Math.max(8, most);
  return Math.min(Math.floor(most / together), Math.max(1, Math.ceil(total / fewestPieces / together))) * together;
}

/** Files that numbers depend on beside model and data: what tells names, makes tokens and gives baselines. */
function filesBehind({ features, baselines = {} }: ExplainRequest, { tokenizer, slots, sidecar }: Setting): readonly string[] {
  const words = Object.values(baselines);
  const read = [features, tokenizer?.file, ...slots.map((slot) => slot.tokenizer?.file), sidecar.training];
  return [...new Set([...read.filter((file) => file !== undefined), ...words.filter((word) => word.startsWith("@")).map((word) => word.slice(1))])];
}

/** A file of baselines may have a row for each row of the data, which a piece can't know. */
async function checkBaselines({ baselines = {} }: ExplainRequest): Promise<void> {
  for (const word of Object.values(baselines)) {
    if (!word.startsWith("@")) continue;
    const file = await openSamples(word.slice(1));
    const rows = await file.count().finally(() => file.close());
    if (rows > 1)
      throw new ExplainError("OPTION_INVALID", `The file of baselines has ${rows} rows; a data set takes one that is the same for every row.`, {
        file: word.slice(1),
        hint: "Keep one row in it, or name row:N, mean, median, medoids:K or population:N.",
      });
  }
}
