import type { Tensor } from "../tensor/tensor.js";
import type { MeasureName, MethodName } from "./names.js";

/** One element of a value: `index` is the position behind the batch axis. */
export interface TargetElement {
  readonly value: string;
  readonly index: readonly number[];
}

/** Method options, by the names of the reference cases (rule, steps, tolerance, samples, seed, multiplyByInputs, abs, variant, …). */
export type MethodOptions = Readonly<Record<string, unknown>>;

/**
 * What the engine is asked, all names resolved: tensors by ONNX input name, rows stacked along axis 0 where the model has a batch axis.
 * The format of the reference cases.
 */
export interface AttributionRequest {
  readonly method: MethodName;
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** One element for every row, or one a row. Absent for activations and neuron methods that need no target. */
  readonly targets?: readonly TargetElement[];
  /** How many targets each row has, listed row by row: results have one row for each. Default 1. */
  readonly targetsPerRow?: number;
  /** Explains `targets` minus this; same rule for its length. */
  readonly versus?: readonly TargetElement[];
  /** dims[0] = 1: the same for every row; dims[0] = rows: one a row; other: a distribution (Shap methods). Absent: zeros. */
  readonly baselines?: Readonly<Record<string, Tensor>>;
  /** Baseline rows are a distribution for every row, whatever their number: credits are averaged over them. Shap methods always take them so. */
  readonly distribution?: boolean;
  /** Texts of a single row in pieces, by input: what replaces values leaves pieces out instead, and each has its credit. The baseline is the empty text. */
  readonly pieces?: Readonly<Record<string, readonly string[]>>;
  /** The value whose units are credited (layer methods) or selected (neuron methods). */
  readonly layer?: string;
  readonly neuron?: "all" | readonly number[];
  /** Inputs that keep the sample's value and get no credit. */
  readonly fixed?: readonly string[];
  readonly options?: MethodOptions;
  /** How far the explanation can be trusted, measured besides. */
  readonly measures?: readonly MeasureName[];
  /** Other baselines for the measure of that name, by their words; inputs that are missing keep theirs. */
  readonly alternatives?: Readonly<Record<string, Readonly<Record<string, Tensor>>>>;
}

/** What a person asks: files, rows and names. Everything is optional but the model. Paths are absolute. */
export interface ExplainRequest {
  readonly model: string;
  /** A sample file; without it the sidecar's samples, unless `values` gives every input. */
  readonly samples?: string;
  /** Rows of the sample file, counted from 0; default [0]. */
  readonly rows?: readonly number[] | "all";
  /** Values given directly, by input name: a number, a JSON array, text, or `@FILE`. */
  readonly values?: Readonly<Record<string, string>>;
  /** Default integratedGradients. */
  readonly method?: MethodName;
  /** Without a method, and where the default has no meaning for the model: another one that has. */
  readonly anyMethod?: boolean;
  /** `predicted` (default), a class index or label, `VALUE[i,j]`, `top:N`. */
  readonly targets?: readonly string[];
  readonly versus?: string;
  /** By input name; "" for all inputs: zero, a number, mean, median, pad, mask, unk, row:N, `@FILE`. */
  readonly baselines?: Readonly<Record<string, string>>;
  /** A value name, a module path, or `auto`. */
  readonly layer?: string;
  /** `all`, or an index as "2,0,1". */
  readonly neuron?: string;
  readonly fixed?: readonly string[];
  readonly options?: MethodOptions;
  readonly mode?: "joint" | "isolated";
  readonly aggregate?: "mean" | "meanAbs";
  /** Measures that are added to each result. */
  readonly measures?: readonly MeasureName[];
  readonly labels?: readonly string[];
  readonly features?: string;
  readonly tokenizer?: string;
  /** By input: the columns of the sample file that feed it, in order; instead of the sidecar's. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
  readonly threads?: number;
}
