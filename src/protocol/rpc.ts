import type { Diagnostic } from "../base/diagnostic.js";
import type { Limits } from "../base/limits.js";
import type { BatchJoin, BatchPiece, BatchPieceDone, BatchPlan, BatchSummary } from "./batch.js";
import type { ClusterResult } from "./cluster.js";
import type { CompiledExplanation } from "./compiled.js";
import type {
  Explanation,
  FeatureRange,
  Inspection,
  LayerActivation,
  LayersAnswer,
  ModelOutline,
  SamplePage,
  SamplePageQuery,
  SamplePredictions,
} from "./explanation.js";
import type { ExampleInput, FirstLayer, ForwardInput, PredictionCheck, PythonPrediction, SampleTable, SourceCompanions } from "./pythonExport.js";
import type { FlipAnswer, FlipAsk } from "./flip.js";
import type { ExplainRequest } from "./request.js";
import type { LayerTrace } from "./trace.js";

/** How far a run is. `fraction` is absent while the amount of work is unknown. */
export interface Progress {
  readonly message: string;
  readonly fraction?: number;
  /** What is known before the estimate met the tolerance: complete in form, with wider error bars. Sent to callers that asked for it. */
  readonly partial?: Explanation;
}

/** What the worker does. One edit here adds a call on both sides: `Call` and `Result` types are derived. Every method settles. */
export interface WorkerApi {
  inspect(model: string, sources?: string): Inspection;
  samples(model: string, samples: string | undefined, page: SamplePageQuery): SamplePage;
  /** `partials`: progress carries what is known so far, for a single row and target. */
  explain(request: ExplainRequest, partials?: boolean): Explanation;
  /** Conductance of every layer of the model for the request's first row and target. */
  layers(request: ExplainRequest): LayersAnswer;
  /** The range of what every layer puts out for the request's first row. */
  activations(request: ExplainRequest): readonly LayerActivation[];
  /** A first look at a model file, before the runtime opens it. */
  outline(model: string, sources?: string): ModelOutline;
  /** What the model tells about where its layers come from, for whoever has the source. */
  traces(model: string): readonly LayerTrace[];
  /** What values the elements of numeric inputs take in a sample file, by input. */
  ranges(model: string, samples: string | undefined, columns?: ExplainRequest["columns"]): Readonly<Record<string, readonly FeatureRange[]>>;
  /** What the model says of a page of the request's sample file. */
  predictions(request: ExplainRequest, page: { readonly from: number; readonly count: number }): SamplePredictions;
  /** The smallest change of the request's row that flips its prediction. */
  flip(request: ExplainRequest, ask: FlipAsk): FlipAnswer;
  /** A sidecar for the model, written from what was inferred, with comments; nothing is saved. `samples`: a sample file in the model's folder. */
  sidecar(model: string, samples?: string): { readonly file: string; readonly text: string };
  /** The first samples of a file as the inputs of a model that is still Python source. */
  examples(source: string, samples: string, inputs: readonly ForwardInput[], layer: FirstLayer | null): readonly ExampleInput[];
  /** The first rows of a sample file as they stand there. */
  sampleTable(samples: string, count: number): SampleTable;
  /** Compares an exported model with what Python's said; null when there is nothing to compare. */
  predictionCheck(model: string, prediction: PythonPrediction): PredictionCheck | null;
  /** What the files beside a model's source say: names of its outputs, and samples. */
  companions(source: string): SourceCompanions;
  /** Writes the explanation that a request asks for as an ONNX file that needs nothing else. */
  compile(request: ExplainRequest, out: string): CompiledExplanation;
  /** Decides how a data set is gone through: its columns, its pieces, what it is recognised by. */
  batchPlan(request: ExplainRequest): BatchPlan;
  /** Explains a piece of a data set into a file of its own. `anyway`: pieces without one good row are no reason to stop. */
  batchPiece(plan: BatchPlan, piece: BatchPiece, options: { readonly anyway: boolean; readonly threads: number }): BatchPieceDone;
  /** Makes one file of the pieces, and adds up what they say together. */
  batchJoin(plan: BatchPlan, join: BatchJoin): BatchSummary;
  /** Adds up what the rows of a cluster's result say together. */
  clusterSummary(compiled: CompiledExplanation, result: ClusterResult): BatchSummary;
  /** Drops what is cached of a model (it changed on disk). */
  forget(model: string): null;
}

export type WorkerCall = { [K in keyof WorkerApi]: { readonly id: number; readonly method: K; readonly args: Parameters<WorkerApi[K]> } }[keyof WorkerApi];

/** Host → worker. `flag` is one shared Int32; non-zero means cancelled. It is seen between chunks of work, when no message can be. `cancel` also drops a call that still waits its turn. */
export type ToWorker =
  | { readonly kind: "call"; readonly call: WorkerCall; readonly limits: Limits; readonly flag: SharedArrayBuffer }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "close" };

/** Worker → host. Exactly one `value` or `error` answers each call. */
export type FromWorker =
  | { readonly kind: "value"; readonly id: number; readonly value: unknown }
  | { readonly kind: "error"; readonly id: number; readonly diagnostic: Diagnostic }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress };
