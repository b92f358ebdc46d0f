import { ExplainError } from "../base/diagnostic.js";
import type { Method } from "../attribution/method.js";
import type { AttributionRequest, ExplainRequest, MethodOptions } from "../protocol/request.js";
import { baselineTensors, shareBaselines, type BaselineSet } from "./baselineSet.js";
import { alternativeBaselines } from "./alternativeBaselines.js";
import { textPieces } from "../data/textPieces.js";
import { feedsOf, type PredictedRow, type Prepared } from "./prepare.js";
import { recordedOptions } from "./recordedOptions.js";

/** One way of asking the engine: everything that is the same for all batches. */
export interface Run {
  readonly prepared: Prepared;
  readonly method: Method;
  readonly fixed: readonly string[];
  readonly baselines: BaselineSet;
  readonly request: ExplainRequest;
  readonly layer: string | undefined;
  /** Options that follow from the population where the request leaves them out. */
  readonly spreads: MethodOptions;
}

/** Rows that run together, and which of their targets. */
export interface Work {
  /** Positions of rows. */
  readonly batch: readonly number[];
  /** Positions in each row's list of targets; one nameless slot for a method without target. */
  readonly slots: readonly number[];
}

/** The requests to the engine that a run takes: all targets of a batch at once where they lie in one value. */
export function worksOf(run: Run): readonly Work[] {
  const { prepared, method, baselines } = run;
  const oneByOne = splitInputs(run).length > 0;
  const distribution = method.distribution === true || Object.values(baselines.baselines).some((baseline) => baseline.kind !== "rows");
  // A distribution is the same for all rows of a request: rows with baselines of their own are asked about one by one.
  const apart = (batch: readonly number[]): readonly (readonly number[])[] =>
    oneByOne || (distribution && !shareBaselines(baselines.baselines, batch)) ? batch.map((i) => [i]) : [batch];
  return prepared.batches.flatMap(apart).flatMap((batch): Work[] => {
    if (!method.needs.target) return [{ batch, slots: [0] }];
    const lists = batch.flatMap((i) => prepared.rows[i] ?? []);
    const slots = [...(lists[0]?.targets ?? []).keys()];
    const values = new Set(lists.flatMap((row) => row.targets.map((t) => t.value)));
    return values.size <= 1 ? [{ batch, slots }] : slots.map((slot) => ({ batch, slots: [slot] }));
  });
}

/** Inputs whose texts are taken apart into words: those that the model splits, where values are replaced and the baseline is no text. Each row has words of its own. */
function splitInputs({ prepared, method, baselines, fixed }: Run): readonly string[] {
  if (method.family !== "perturbation" || !method.needs.baseline) return [];
  return prepared.setting.slots
    .filter(({ name, splits }) => splits === true && !fixed.includes(name) && baselines.words[name] === "empty")
    .map(({ name }) => name);
}

/** The pieces of a row's texts, for the engine. */
function piecesOf(run: Run, row: PredictedRow | undefined): Pick<AttributionRequest, "pieces"> {
  const texts = splitInputs(run).flatMap((name) => {
    const { text } = row?.details[name] ?? {};
    return text === undefined ? [] : [[name, textPieces(text).pieces] as const];
  });
  return texts.length === 0 ? {} : { pieces: Object.fromEntries(texts) };
}

/** What the engine is asked for some rows and targets, in the order of rows, then targets. */
export async function engineRequest(run: Run, { batch, slots }: Work, fixed: readonly string[]): Promise<AttributionRequest> {
  const { prepared, method, baselines, request, layer, spreads } = run;
  const rows = batch.flatMap((i) => prepared.rows[i] ?? []);
  const versus = rows.flatMap((row) => slots.flatMap(() => row.versus ?? []));
  const targets = rows.flatMap((row) => slots.flatMap((slot) => row.targets[slot] ?? []));
  const moving = Object.fromEntries(Object.entries(baselines.baselines).filter(([name]) => !fixed.includes(name)));
  const given = baselineTensors(moving, batch);
  const measures = request.measures ?? [];
  return {
    method: method.name,
    inputs: feedsOf(rows),
    ...piecesOf(run, rows[0]),
    ...(method.needs.target
      ? { targets: targets.map(({ value, index }) => ({ value, index })), ...(slots.length > 1 ? { targetsPerRow: slots.length } : {}) }
      : {}),
    ...(versus.length === 0 || !method.needs.target ? {} : { versus: versus.map(({ value, index }) => ({ value, index })) }),
    ...(method.needs.baseline ? { baselines: given.tensors, ...(given.distribution ? { distribution: true } : {}) } : {}),
    ...(layer === undefined ? {} : { layer }),
    ...(method.needs.neuron ? { neuron: neuronOf(request) } : {}),
    ...(fixed.length === 0 ? {} : { fixed }),
    ...(request.options === undefined && Object.keys(spreads).length === 0 ? {} : { options: { ...spreads, ...request.options } }),
    ...(measures.length === 0 ? {} : { measures }),
    ...(measures.includes("baselines") ? { alternatives: await alternativeBaselines(run, batch) } : {}),
  };
}

function neuronOf({ neuron = "all" }: ExplainRequest): "all" | readonly number[] {
  if (neuron === "all") return "all";
  const index = neuron.split(",").map((part) => Number(part.trim() === "" ? NaN : part));
  if (index.some((x) => !Number.isInteger(x) || x < 0))
    throw new ExplainError("OPTION_INVALID", `"${neuron}" is no neuron.`, { hint: 'Write its position behind the batch axis, such as 3 or 2,0,1, or "all".' });
  return index;
}

/** The request with its defaults, so that it says what was done and can be run again. */
export function filled({ prepared, method, fixed, baselines, layer, request: { anyMethod: _, ...request }, spreads }: Run): ExplainRequest {
  const { targets, sampleFile } = prepared;
  const options = recordedOptions(method, request, spreads);
  return {
    ...request,
    ...(sampleFile === undefined ? {} : { samples: sampleFile, rows: request.rows ?? [0] }),
    method: method.name,
    ...(method.needs.target ? { targets } : {}),
    ...(method.needs.baseline ? { baselines: baselines.words } : {}),
    ...(layer === undefined ? {} : { layer }),
    ...(method.needs.neuron ? { neuron: request.neuron ?? "all" } : {}),
    ...(options === undefined ? {} : { options }),
    fixed,
    mode: request.mode ?? "joint",
  };
}
