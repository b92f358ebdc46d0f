import type { Diagnostic } from "../base/diagnostic.js";
import type { ExplainRequest } from "./request.js";
import type { DriverSummary, GroupSummary } from "./summary.js";

/** Inputs with more elements than this are one list a row, on every engine: tables with more columns are no use to anybody. */
export const mostCreditColumns = 2048;

/** One column of the result of a data set. Numbers are float32; json is the text of a list. */
export interface BatchColumn {
  readonly name: string;
  readonly kind: "integer" | "number" | "text" | "json";
}

/** How the credits of one input (or layer) stand in a row: a column an element, or one list where texts differ in length. */
export interface BatchInput {
  readonly name: string;
  readonly form: "columns" | "list";
  /** Names of the elements; empty for lists. */
  readonly labels: readonly string[];
  /** Of pictures: their shape, for the drawings of the report. */
  readonly picture?: readonly number[];
}

/** How a data set is gone through, decided once from its first rows; everything else follows from it, so that a run can be continued. */
export interface BatchPlan {
  readonly version: 1;
  /** As it was asked, without rows and threads: what each piece asks. */
  readonly asked: ExplainRequest;
  /** The same with its defaults filled in. */
  readonly request: ExplainRequest;
  readonly samples: string;
  readonly total: number;
  /** Rows of one piece. */
  readonly chunk: number;
  readonly columns: readonly BatchColumn[];
  /** Columns of the data that are kept. */
  readonly id: string | null;
  readonly label: string | null;
  /** How many scores a prediction has, with their names; no names for one number. */
  readonly scores: number;
  readonly classes: readonly string[] | null;
  readonly inputs: readonly BatchInput[];
  /** Of every so many rows one keeps the sample's values, for the drawings of the report. */
  readonly stride: number;
  /** Of the model, what describes it, and the data: a run continues only with the same. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A piece of a data set, and the file that it is written to. */
export interface BatchPiece {
  readonly from: number;
  readonly count: number;
  readonly file: string;
}

/** What became of a piece. */
export interface BatchPieceDone {
  readonly rows: number;
  readonly rejected: number;
}

/** Where pieces come from and the result goes to. */
export interface BatchJoin {
  readonly pieces: readonly string[];
  readonly out: string;
  readonly format: BatchFormat;
  readonly rejects: string;
}

export const batchFormats = ["parquet", "csv"] as const;
export type BatchFormat = (typeof batchFormats)[number];

/** A wrong prediction, the surest first. */
export interface WrongPrediction {
  readonly row: number;
  readonly id: string | null;
  readonly truth: string;
  readonly predicted: string;
  readonly score: number;
  /** The largest credits, by what they are of. */
  readonly reasons: readonly { readonly label: string; readonly credit: number }[];
}

/** What a data set's explanations say together; plain data for the report. */
export interface BatchSummary extends GroupSummary {
  readonly model: string;
  readonly samples: string;
  readonly method: string;
  readonly baseline: string;
  readonly rejected: number;
  /** Where the summary is of some rows only: from how many these were drawn. */
  readonly drawnFrom?: number;
  readonly classes: readonly (GroupSummary & { readonly label: string })[];
  /** Null without both right and wrong predictions. */
  readonly drivers: DriverSummary | null;
  /** Rows whose true answer is a class of the model, and how many of them were predicted otherwise; null without true answers. */
  readonly judged: number | null;
  readonly wrong: number;
  /** Counts by true and predicted class, largest first. */
  readonly confusions: readonly { readonly truth: string; readonly predicted: string; readonly rows: number }[];
  readonly wrongest: readonly WrongPrediction[];
  /** Largest |delta| of the sums, null where the method promises none. */
  readonly delta: number | null;
}
