import { stat } from "node:fs/promises";
import { layerActivations } from "../explain/activations.js";
import { explainPiece } from "../explain/batch/explainPiece.js";
import { joinPieces } from "../explain/batch/joinPieces.js";
import { createDatasets } from "../explain/batch/openDataset.js";
import { planBatch } from "../explain/batch/planBatch.js";
import { compileExplanation } from "../explain/compile/compileExplanation.js";
import { exampleInputs, sampleTable, sourceCompanions } from "../explain/exampleInputs.js";
import { explain } from "../explain/explain.js";
import { featureRanges } from "../explain/featureRanges.js";
import { inferredSidecar } from "../explain/inferredSidecar.js";
import { inspect } from "../explain/inspect.js";
import { layerShares } from "../explain/layerShares.js";
import { outline } from "../explain/outline.js";
import { layerTraces } from "../explain/sources.js";
import { predictionCheck } from "../explain/predictionCheck.js";
import { samplePage } from "../explain/samplePage.js";
import { samplePredictions } from "../explain/samplePredictions.js";
import { openModel, readModel } from "../runtime/open.js";
import type { Explanation } from "../protocol/explanation.js";
import type { OpenModel } from "../runtime/openModel.js";
import type { ServedApi } from "./serve.js";

/** Models kept open; the one that was used longest ago goes first. */
const mostModels = 4;

interface Kept {
  readonly file: string;
  readonly threads: number | undefined;
  /** Changes when the file does. */
  readonly stamp: string;
  readonly model: Promise<OpenModel>;
}

/** The logic behind WorkerApi: open models are kept between calls and opened anew when their file has changed. Knows no thread. */
export function createService(): ServedApi {
  let kept: readonly Kept[] = [];

  async function drop(test: (entry: Kept) => boolean): Promise<void> {
    const dropped = kept.filter(test);
    kept = kept.filter((entry) => !test(entry));
    for (const { model } of dropped)
      await model.then(
        (m) => m.dispose(),
        () => undefined,
      );
  }

  async function open(file: string, threads?: number): Promise<OpenModel> {
    const stamp = await stampOf(file);
    const known = kept.find((entry) => entry.file === file && entry.threads === threads && entry.stamp === stamp);
    if (known !== undefined) {
      kept = [known, ...kept.filter((entry) => entry !== known)];
      return known.model;
    }
    await drop((entry) => entry.file === file && entry.threads === threads);
    const entry: Kept = { file, threads, stamp, model: openModel(file, threads === undefined ? {} : { threads }) };
    kept = [entry, ...kept];
    try {
      const opened = await entry.model;
      const oldest = kept.slice(mostModels);
      await drop((other) => oldest.includes(other));
      return opened;
    } catch (error) {
      // What can't be opened is tried again next time.
      kept = kept.filter((other) => other !== entry);
      throw error;
    }
  }

  const datasets = createDatasets(open);

  return {
    inspect: async (_context, model, sources) => inspect(await open(model), sources),
    samples: async (_context, model, samples, page) => samplePage(await open(model), samples, page),
    explain: (context, request, partials) =>
      explain(request, (file) => open(file, request.threads), {
        signal: context.signal,
        progress: (progress) => context.progress(progress),
        ...(partials === true ? { partial: paced((partial) => context.progress({ message: "Refining", partial })) } : {}),
      }),
    layers: (context, request) => layerShares(request, (file) => open(file, request.threads), context),
    activations: (_context, request) => layerActivations(request, (file) => open(file, request.threads)),
    outline: async (_context, model, sources) => {
      const { bytes, model: decoded } = await readModel(model);
      return outline(model, bytes, decoded, sources);
    },
    traces: async (_context, model) => layerTraces((await readModel(model)).model.graph),
    ranges: async (_context, model, samples) => featureRanges(await open(model), samples),
    predictions: (context, request, page) => samplePredictions(request, page, (file) => open(file, request.threads), { signal: context.signal }),
    sidecar: async (_context, model, samples) => inferredSidecar(await open(model), samples),
    examples: (_context, source, samples, inputs, layer) => exampleInputs(source, samples, inputs, layer),
    sampleTable: (_context, samples, count) => sampleTable(samples, count),
    predictionCheck: async (_context, model, prediction) => predictionCheck(await open(model), prediction),
    companions: (_context, source) => sourceCompanions(source),
    compile: (context, request, out) => compileExplanation(request, out, (file) => open(file, request.threads), context),
    batchPlan: async (context, request) => planBatch(request, await open(request.model, request.threads), context),
    batchPiece: async (context, plan, piece, options) => explainPiece(plan, piece, await datasets.open(plan, options.threads), options, context),
    batchJoin: async (context, plan, join) => {
      await datasets.close();
      return joinPieces(plan, join, context);
    },
    forget: async (_context, model) => {
      await drop((entry) => entry.file === model);
      return null;
    },
    dispose: async () => {
      await datasets.close();
      await drop(() => true);
    },
  };
}

/** Between two pictures of the same answer; more of them would only be work. */
const paceMilliseconds = 60;

/** Sends the first picture at once and later ones at a pace that eyes can follow. */
function paced(send: (partial: Explanation) => void): (make: () => Explanation) => void {
  let next = 0;
  return (make) => {
    const now = performance.now();
    if (now < next) return;
    send(make());
    next = performance.now() + paceMilliseconds;
  };
}

/** Size and time of a file; opening reports what is wrong with one that can't be read. */
async function stampOf(file: string): Promise<string> {
  const info = await stat(file).catch(() => undefined);
  return info === undefined ? "none" : `${info.size} ${info.mtimeMs}`;
}
