import type { Diagnostic } from "../base/diagnostic.js";
import type { Dtype } from "../tensor/dtype.js";
import type { ExplainRequest, TargetElement } from "./request.js";
import type { InputRole, MeasureName, MethodName, OutputRole } from "./names.js";
import type { LayerSource } from "./trace.js";

/** A plain tensor of numbers for results: row-major, NaN and infinities possible. */
export interface NumberTensor {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** The credit of one input (or of a layer's units) for one row. `dims` are behind the batch axis; for `neuron: all` units come first. */
export interface Credit extends NumberTensor {
  /** Feature names, words; one an element of the input, for inputs that have them. */
  readonly labels?: readonly string[];
  /** The sample's values, one an element of the input. */
  readonly values?: readonly (number | string)[];
  /** Where the path of each value began, as the model takes it; absent with several baselines, and for methods without. */
  readonly baseline?: readonly number[];
  /** Of a layer of channels or positions: the sums of its units. */
  readonly groups?: UnitGroups;
  /** Of an input whose features belong together: which ones. */
  readonly featureGroups?: readonly FeatureGroup[];
  /** Of averages: over how many rows, and the half-width of a 95 % interval for each element. */
  readonly rows?: number;
  readonly interval?: readonly number[];
  /** UTF-16 offsets of each token in the original text. */
  readonly spans?: readonly (readonly [number, number])[];
  /** The original text of a token input. */
  readonly text?: string;
  /** Of a sound: samples a second, where a file or a setting says it. */
  readonly rate?: number;
}

/** Features that belong together, such as the columns of one category: `members` are their places in the input. */
export interface FeatureGroup {
  readonly name: string;
  readonly members: readonly number[];
}

/** Credits of a layer's units, added up along all axes behind the first. */
export interface UnitGroups {
  readonly by: "channel" | "position";
  readonly data: readonly number[];
}

export interface Prediction {
  readonly value: string;
  readonly data: readonly number[];
  readonly labels?: readonly string[];
  /** What the sample file says is true, where it has a column for that and the sample was not changed; `right` where both are classes. */
  readonly truth?: { readonly label: string; readonly right?: boolean };
}

/** The explanation of one row and one target. */
export interface Result {
  readonly row: number;
  /** Absent for activations and neuron methods without a target. */
  readonly target?: TargetElement & { readonly label?: string };
  readonly prediction: Prediction;
  /** The target's value at the sample and at the path's start; null where the method has none. */
  readonly score: number | null;
  readonly baselineScore: number | null;
  /** Sum of attributions − (score − baselineScore); null where the method promises none; by input in isolated mode. */
  readonly delta: number | null | Readonly<Record<string, number>>;
  /** Model evaluations on the path. */
  readonly points: number;
  /** Error estimate per feature; adaptive rules only. */
  readonly error?: Readonly<Record<string, NumberTensor>>;
  readonly attributions: Readonly<Record<string, Credit>>;
  readonly measures?: Readonly<Partial<Record<MeasureName, Measured>>>;
  /** The same for the value before the last Softmax or Sigmoid, where the probability has saturated. */
  readonly logit?: Omit<Result, "row" | "prediction" | "logit">;
}

/** What a measure found for one row. */
export interface Measured {
  readonly value: number;
  /** Half-width of a 95 % interval, where the value was estimated from random draws. */
  readonly error?: number;
  /** What the value is the end or the area of: by share of features or weights. */
  readonly curve?: {
    readonly share: readonly number[];
    readonly value: readonly number[];
    /** The mean of the same curves for random orders. */
    readonly chance?: readonly number[];
  };
  /** How well each of several lists of credits agrees with each other one, the explained one first: rank correlations, NaN where a list is constant. */
  readonly matrix?: { readonly names: readonly string[]; readonly values: readonly (readonly number[])[] };
  /** What the value is made of, or held against: by method, by baseline, … */
  readonly parts?: Readonly<Record<string, number>>;
  /** The credits that were compared, by what they came from. */
  readonly attributions?: Readonly<Record<string, Readonly<Record<string, NumberTensor>>>>;
}

export interface ModelValue {
  readonly name: string;
  readonly type: Dtype | "other";
  readonly dims: readonly (number | string | null)[] | null;
}

/** The answer to an ExplainRequest; `--format json` prints it (design: the command line's contract). */
export interface Explanation {
  readonly schema: 1;
  readonly model: { readonly file: string; readonly inputs: readonly ModelValue[]; readonly outputs: readonly ModelValue[] };
  /** Everything needed to run it again, defaults filled in. */
  readonly request: ExplainRequest;
  /** Which column of the sample file feeds which input, in words; absent when every value was given. */
  readonly mapping?: readonly string[];
  readonly results: readonly Result[];
  readonly aggregate?: Readonly<Partial<Record<"mean" | "meanAbs", Readonly<Record<string, Credit>>>>>;
  /** The same for the results of each class, by the class explained where there are several, else by the class predicted. */
  readonly classes?: readonly ClassAggregate[];
  readonly milliseconds: { readonly load: number; readonly compile: number; readonly run: number };
  readonly diagnostics: readonly Diagnostic[];
}

/** Averages over the results of one class. */
export interface ClassAggregate {
  readonly by: "target" | "prediction";
  readonly label: string;
  readonly rows: number;
  readonly aggregate: NonNullable<Explanation["aggregate"]>;
}

/** One layer's part in a prediction. `share` = Σ of its units' conductance / (score − baselineScore); NaN when the score did not change. */
export interface LayerShare {
  readonly value: string;
  readonly path: string;
  readonly units: number;
  readonly total: number;
  readonly share: number;
  readonly credit: Credit;
  /** The layers that feed it without another layer between, by value; absent or empty for those that inputs feed. */
  readonly from?: readonly string[];
}

export interface LayersAnswer {
  readonly layers: readonly LayerShare[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface LayerInfo {
  /** Module path ("text_encoder.lstm"), or the value's name when the exporter wrote none. */
  readonly path: string;
  readonly class: string | null;
  /** The values that leave the layer. */
  readonly values: readonly string[];
  readonly operators: readonly string[];
  readonly parameters: number;
  readonly source: LayerSource | null;
  /** Shape of its first value, as far as the file declares it. */
  readonly dims?: readonly (number | string | null)[];
}

export interface OperatorInfo {
  readonly type: string;
  readonly domain: string;
  readonly count: number;
  readonly gradient: "rule" | "zero" | "unsupported";
  readonly reason?: string;
}

export interface MethodInfo {
  readonly name: MethodName;
  readonly available: boolean;
  readonly reason?: string;
}

/** What a layer puts out for one row. */
export interface LayerActivation {
  readonly path: string;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
}

/** What a model file says of itself. */
export interface ModelOutline {
  readonly model: Inspection["model"];
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly layers: readonly LayerInfo[];
}

/** What `inspect` prints. */
export interface Inspection {
  readonly schema: 1;
  readonly model: { readonly file: string; readonly bytes: number; readonly producer: string; readonly opset: Readonly<Record<string, number>> };
  readonly inputs: readonly (ModelValue & { readonly role: InputRole; readonly evidence: string })[];
  readonly outputs: readonly (ModelValue & { readonly role: OutputRole; readonly labels?: readonly string[]; readonly evidence?: string })[];
  readonly layers: readonly LayerInfo[];
  readonly operators: readonly OperatorInfo[];
  readonly methods: readonly MethodInfo[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Which rows of a sample file: `search` keeps those with a cell that contains it. `unmapped`: as the file has them, also where nothing says which column feeds what. */
export interface SamplePageQuery {
  readonly from: number;
  readonly count: number;
  readonly search?: string;
  readonly unmapped?: boolean;
  /** Which columns feed which input, where a person said so: as in the request. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}

/** A page of a sample file as people see it. */
export interface SamplePage {
  readonly file: string;
  readonly total: number;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly row: number;
    readonly cells: readonly string[];
    readonly label?: string;
    /** The line of a text file the row starts on, from 1. */
    readonly line?: number;
  }[];
  /** The column that holds the true label, if one does. */
  readonly label?: string;
  /** The column that numbers or names the rows, if one does. */
  readonly id?: string;
  /** Which column feeds which input, in words ("measurements ← pregnant, glucose, …"). */
  readonly mapping: readonly string[];
  /**
   * The same as data, by input name. `columns`: one element each; `cell`: one column holds all elements; `text`: one column is tokenized;
   * `derived`: made along with the tokens; `default`: not in the file; `image`, `audio`: one column names or holds it.
   */
  readonly feeds?: Readonly<
    Record<string, { readonly kind: "columns" | "cell" | "text" | "derived" | "default" | "image" | "audio"; readonly columns: readonly string[] }>
  >;
  readonly diagnostics: readonly Diagnostic[];
}

/** What values one element of an input takes in a sample file. */
export type FeatureRange =
  | { readonly kind: "numbers"; readonly least: number; readonly most: number; readonly whole: boolean }
  | { readonly kind: "choices"; readonly choices: readonly string[] };

/** What the model says of some rows of a sample file. */
export interface SamplePredictions {
  /** Rows of the whole file. */
  readonly total: number;
  readonly columns: readonly string[];
  /** Whether the file holds true labels. */
  readonly labelled: boolean;
  readonly rows: readonly PredictedSample[];
}

export interface PredictedSample {
  readonly row: number;
  readonly cells: readonly string[];
  /** The true label, as the file has it. */
  readonly label?: string;
  /** The class of the highest score; "" for a single number. */
  readonly predicted: string;
  readonly score: number;
  /** Absent without a label or classes. */
  readonly right?: boolean;
}
