import type { CancelSignal } from "../base/cancellation.js";
import type { Diagnostic } from "../base/diagnostic.js";
import type { BoundGraph } from "../attribution/bound.js";
import type { Asked } from "../attribution/programsOf.js";
import type { AttributionResult, Feeds } from "../attribution/plan.js";
import type { Graph, Model } from "../graph/ir.js";
import type { AttributionRequest } from "../protocol/request.js";

/** What a running request reports to and is stopped by. */
export interface RunContext {
  readonly signal?: CancelSignal;
  readonly progress?: (fraction: number, partial?: () => AttributionResult) => void;
}

/** An attribution with what it took. */
export interface Attributed {
  readonly result: AttributionResult;
  readonly diagnostics: readonly Diagnostic[];
  readonly milliseconds: { readonly compile: number; readonly run: number };
}

/** What a request's method would run: the graph bound to the request's shapes, and the programs made of it. */
export interface AskedPrograms extends Asked {
  readonly bound: BoundGraph;
  /** Nodes whose branch was decided by the request's values. */
  readonly decided: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A model file, decoded, normalised and ready to run. Sessions and compiled plans are cached until `dispose`. */
export interface OpenModel {
  readonly file: string;
  readonly bytes: number;
  /** As decoded. */
  readonly model: Model;
  /** Normalised: one modern opset, functions inlined, constants folded, ZipMap cut off. Value names of the file are kept. */
  readonly graph: Graph;
  /** Class labels that the file itself carries (ZipMap), by value. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
  readonly loadMilliseconds: number;
  /** The model's tensor outputs (and any other `values` of the graph) for these feeds. */
  run(feeds: Feeds, values?: readonly string[]): Promise<Feeds>;
  /** Executes a request. Throws ExplainError (UNSUPPORTED_OPERATOR, NO_GRADIENT_PATH, UNKNOWN_TARGET, UNKNOWN_LAYER, INPUT_INVALID, CANCELLED, …). */
  attribute(request: AttributionRequest, context?: RunContext): Promise<Attributed>;
  /** The programs that a request asks for, of methods that don't depend on what comes out; none is run. `request` has one row. Throws as `attribute` does. */
  programs(request: AttributionRequest): Promise<AskedPrograms>;
  /** How many rows of these shapes go well into one run; 1 where running did not prove that they are independent. Throws as `attribute` does. */
  rowsTogether(inputs: Feeds): Promise<number>;
  dispose(): Promise<void>;
}
