/** What a file is that Python makes an ONNX file of: source, a model saved whole, an exported program, a pickled estimator, a booster saved as text. */
export type ExportKind = "python" | "pt" | "pt2" | "sklearn" | "lightgbm";

/** One input that a model's `forward` takes. */
export interface ForwardInput {
  readonly name: string;
  /** It has no default. */
  readonly required: boolean;
}

/** What the first layer with weights takes: so many features, ids of a table with so many entries, so many channels, steps of so many features. */
export interface FirstLayer {
  readonly features?: number;
  readonly tokens?: number;
  readonly channels?: number;
  readonly sequence?: number;
}

/** A tensor as plain data for Python; rows on axis 0. */
export interface ExampleInput {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly data: readonly number[];
  /** Axis 1 is the length of a text. */
  readonly sequence: boolean;
}

/** What the files beside a model's source say. */
export interface SourceCompanions {
  /** Names of its outputs, in order. */
  readonly outputs: readonly string[];
  /** Samples: what the sidecar names, else a file called so. */
  readonly samples: string | null;
}

/** The first rows of a sample file, as people see them. */
export interface SampleTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  /** Columns and what kind of value each holds, in one line: two files of the same shape have the same. */
  readonly shape: string;
}

/** Plain numbers or texts with a shape; null stands for what is not finite. */
export interface SpokenTensor {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly data: readonly (number | string | null)[];
}

/** Some samples as the exported file's inputs, and what Python's model says of them: for each output, or null where there is nothing to compare. */
export interface PythonPrediction {
  readonly inputs: Readonly<Record<string, SpokenTensor>>;
  readonly outputs: readonly (SpokenTensor | null)[];
}

/** How the exported file's numbers compare with Python's. */
export interface PredictionCheck {
  readonly rows: number;
  /** Largest difference of two numbers, relative to the largest number (at least 1). */
  readonly difference: number;
}
