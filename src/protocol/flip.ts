import type { Diagnostic } from "../base/diagnostic.js";
import type { Edits } from "./edits.js";
import type { Prediction } from "./explanation.js";
import type { ExplainRequest } from "./request.js";

/** What a search for the smallest change is asked, beside the request whose first row it starts from. */
export interface FlipAsk {
  /** The class that is wanted, by index or label, or a number that the score has to reach; absent: any other class. */
  readonly to?: string;
  /** The inputs that may change; absent: all that a prediction is about. */
  readonly inputs?: readonly string[];
  /** The search ends after so many runs of the model, a run being one row. Default 20,000. */
  readonly mostRuns?: number;
}

/** What counts as flipped. */
export type FlipGoal =
  /** Any class but `from`, both by index. */
  | { readonly kind: "otherClass"; readonly from: number }
  | { readonly kind: "class"; readonly from: number; readonly index: number }
  /** A single score that reaches `value` from below (`up`) or from above. */
  | { readonly kind: "value"; readonly value: number; readonly up: boolean };

/** The unit that a change of a number is measured in: the median absolute deviation of the feature's values, or their standard deviation where that is zero. */
export interface Spread {
  readonly value: number;
  readonly measure: "medianAbsoluteDeviation" | "standardDeviation";
}

/** One thing that is different. `size`: of a number in spreads, of everything else 1. */
export type FlipChange = { readonly input: string; readonly size: number } & (
  | { readonly kind: "number"; readonly position: number; readonly label: string; readonly from: number; readonly to: number; readonly spread: Spread }
  /** `positions`: one element, or the elements of one category written as zeros and a one. */
  | { readonly kind: "category"; readonly positions: readonly number[]; readonly label: string; readonly from: string; readonly to: string }
  /** A word that is taken out; UTF-16 offsets into the original text. */
  | { readonly kind: "word"; readonly span: readonly [number, number]; readonly from: string }
  /** A block of a picture (rows and columns of pixels, ends left out), or a piece of a sound (columns alone), set to the baseline `to`. */
  | { readonly kind: "region"; readonly rows?: readonly [number, number]; readonly columns: readonly [number, number]; readonly to: string }
);

/** What a search for the smallest change came to. */
export interface FlipAnswer {
  readonly schema: 1;
  readonly model: { readonly file: string };
  readonly request: ExplainRequest;
  readonly ask: FlipAsk;
  readonly row: number;
  readonly goal: FlipGoal;
  readonly found: boolean;
  /** What flips it; when nothing did, what came nearest. Largest first. */
  readonly changes: readonly FlipChange[];
  /** Sum of the changes' sizes. */
  readonly size: number;
  readonly before: Prediction;
  /** With the changes, run alone. */
  readonly after: Prediction;
  /** Runs of the model, a row each. */
  readonly runs: number;
  /** Verified: none of the changes can be left out, and none of the numbers be nearer to the sample's among those that were tried. */
  readonly minimal: boolean;
  /** All smaller sets of changes were tried, on a grid of values. */
  readonly fewest: boolean;
  /** How many things could have been changed. */
  readonly tried: number;
  /** The rows that tell ranges, categories and spreads. */
  readonly population?: { readonly file: string; readonly rows: number };
  /** The changed inputs, whole. */
  readonly edits: Edits;
  readonly diagnostics: readonly Diagnostic[];
}
