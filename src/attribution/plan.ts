import type { Diagnostic } from "../base/diagnostic.js";
import type { Graph } from "../graph/ir.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Measured, NumberTensor } from "../protocol/explanation.js";
import type { MeasureName } from "../protocol/names.js";

/** Tensors by graph input or output name. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** A graph to execute. `key` names it within its model: equal keys of one model are equal graphs, so sessions are reused and `graph`, which may be compiled on first access, is not asked for again. */
export interface Program {
  readonly key: string;
  readonly graph: Graph;
}

/** What a plan yields: a program to run on feeds, answered with its outputs; or how far it is. */
export type PlanStep =
  | { readonly kind: "run"; readonly program: Program; readonly feeds: Feeds }
  | { readonly kind: "progress"; readonly fraction: number; readonly partial?: () => AttributionResult };

/** A plan is pure: it never runs anything, it asks for runs. */
export type Plan = Generator<PlanStep, AttributionResult, Feeds>;

/** All rows of one request; axis 0 of every tensor is the row. */
export interface AttributionResult {
  /** By input name, or by the layer's value name for layer methods. Dims: [rows, ...input] or [rows, ...units, ...input] for neuron "all". */
  readonly attributions: Readonly<Record<string, NumberTensor>>;
  /** Per row; null where the method promises none. */
  readonly delta: readonly number[] | null;
  readonly score: readonly number[] | null;
  readonly baselineScore: readonly number[] | null;
  readonly points: number;
  /** Error estimate per element of `attributions`; adaptive rules only. */
  readonly error: Readonly<Record<string, NumberTensor>> | null;
  /** Whether the estimate met the tolerance; true for fixed rules and pointwise methods. */
  readonly converged: boolean;
  /** By measure, one entry a row; for requests that name measures. */
  readonly measures?: Readonly<Partial<Record<MeasureName, readonly Measured[]>>>;
  /** What a reader of the numbers should know and only the method can tell. */
  readonly remarks?: readonly Diagnostic[];
}
