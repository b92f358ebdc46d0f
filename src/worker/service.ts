import type { Diagnostic } from "../base/diagnostic.js";
import { fileStamp } from "../base/fileStamp.js";
import { layerActivations } from "../explain/activations.js";
import { explainPiece } from "../explain/batch/explainPiece.js";
import { joinPieces } from "../explain/batch/joinPieces.js";
import { clusterSummary } from "../explain/batch/clusterSummary.js";
import { createDatasets } from "../explain/batch/openDataset.js";
import { planBatch } from "../explain/batch/planBatch.js";
import { compileExplanation } from "../explain/compile/compileExplanation.js";
import { exampleInputs, sampleTable, sourceCompanions } from "../explain/exampleInputs.js";
import { explain } from "../explain/explain.js";
import { featureRanges } from "../explain/featureRanges.js";
import { flip } from "../explain/flip/flip.js";
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
import type { ExplainRequest } from "../protocol/request.js";
import type { ExplainContext } from "../explain/prepare.js";
import type { OpenModel } from "../runtime/openModel.js";
import { weightFiles } from "./weightFiles.js";
import type { ServedApi } from "./serve.js";

/** Models kept open; the one that was used longest ago goes first. */
const mostModels = 4;
/** And so many bytes of their files together; the one in use is kept whatever it has. */
const mostBytes = 2 ** 30;

interface Kept {
  readonly file: string;
  readonly threads: number | undefined;
  /** Of the model and of the other files that its weights lie in: what changes when they do. */
  readonly stamps: Map<string, string>;
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
    const known = kept.find((entry) => entry.file === file && entry.threads === threads);
    if (known !== undefined && !(await changed(known.stamps))) {
      kept = [known, ...kept.filter((entry) => entry !== known)];
      return known.model;
    }
    const stamps = new Map([[file, await fileStamp(file)]]);
    await drop((entry) => entry.file === file && entry.threads === threads);
    const entry: Kept = { file, threads, stamps, model: openModel(file, threads === undefined ? {} : { threads }) };
    kept = [entry, ...kept];
    try {
      const opened = await entry.model;
      for (const other of weightFiles(file, opened.model.graph)) stamps.set(other, await fileStamp(other));
      const oldest = await beyondLimits(kept);
      await drop((other) => oldest.includes(other));
      return opened;
    } catch (error) {
      // What can't be opened is tried again next time.
      kept = kept.filter((other) => other !== entry);
      throw error;
    }
  }

  /** An explanation; one whose model was written meanwhile says so. */
  async function explained(request: ExplainRequest, context: ExplainContext): Promise<Explanation> {
    const explanation = await explain(request, (file) => open(file, request.threads), context);
    const entry = kept.find(({ file, threads }) => file === request.model && threads === request.threads);
    return entry === undefined || !(await changed(entry.stamps))
      ? explanation
      : { ...explanation, diagnostics: [...explanation.diagnostics, changedMeanwhile] };
  }

  const datasets = createDatasets(open);

  return {
    inspect: async (_context, model, sources) => inspect(await open(model), sources),
    samples: async (_context, model, samples, page) => samplePage(await open(model), samples, page),
    explain: (context, request, partials) =>
      explained(request, {
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
    ranges: async (_context, model, samples, columns) => featureRanges(await open(model), samples, columns),
    predictions: (context, request, page) => samplePredictions(request, page, (file) => open(file, request.threads), { signal: context.signal }),
    flip: (context, request, ask) => flip(request, ask, (file) => open(file, request.threads), context),
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
    clusterSummary: (_context, compiled, result) => Promise.resolve(clusterSummary(compiled, result)),
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

async function changed(stamps: ReadonlyMap<string, string>): Promise<boolean> {
  for (const [file, stamp] of stamps) if ((await fileStamp(file)) !== stamp) return true;
  return false;
}

/** Those that are too many, or too much together; `all` is in order of use, the last one first. */
async function beyondLimits(all: readonly Kept[]): Promise<readonly Kept[]> {
  let bytes = 0;
  const beyond: Kept[] = [];
  for (const [i, entry] of all.entries()) {
    bytes += await entry.model.then(
      (m) => m.bytes,
      () => 0,
    );
    if (i >= mostModels || (i > 0 && bytes > mostBytes)) beyond.push(entry);
  }
  return beyond;
}

const changedMeanwhile: Diagnostic = {
  code: "MODEL_CHANGED",
  severity: "warning",
  message: "The model's file changed while it was explained: this is of the file as it was.",
  hint: "Explain again: the file is read anew.",
};
