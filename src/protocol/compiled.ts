import type { Diagnostic } from "../base/diagnostic.js";
import type { Dtype } from "../tensor/dtype.js";
import type { ModelValue } from "./explanation.js";
import type { ExplainRequest } from "./request.js";

/** Where the values of an input come from in a data set. `dims` are behind the batch axis. */
export type FeedSource = { readonly dtype: Dtype; readonly dims: readonly number[] } & (
  | { readonly kind: "columns" | "cell"; readonly columns: readonly string[] }
  /** A column of text; shorter ones are padded to the explanation's length, on the left or the right. */
  | { readonly kind: "text"; readonly columns: readonly string[]; readonly pad: number; readonly left: boolean; readonly tokenizer: string }
  /** 1 where the ids of `from` are no padding. */
  | { readonly kind: "mask"; readonly from: string; readonly pad: number }
  | { readonly kind: "constant"; readonly value: readonly number[] }
  /** What can't be read without this program, and why. */
  | { readonly kind: "refused"; readonly reason: string }
);

/** An explanation that was written as an ONNX file. */
export interface CompiledExplanation {
  readonly file: string;
  readonly bytes: number;
  /** The weights beside it, where they are too large for one file. */
  readonly data?: { readonly file: string; readonly bytes: number };
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** By input, how a row of a data set feeds it; the columns that name a row and hold its true answer. */
  readonly feeds: Readonly<Record<string, FeedSource>>;
  readonly id?: string;
  readonly label?: string;
  /** The value that the output `target` counts the elements of, with its dims behind the batch axis. */
  readonly target?: { readonly value: string; readonly dims: readonly number[] };
  /** Class names of `prediction`, and names of the elements of credits by input, where they are known. */
  readonly labels?: readonly string[];
  readonly features: Readonly<Record<string, readonly string[]>>;
  /** Inputs that are pictures. */
  readonly pictures: readonly string[];
  /** Evaluations of the model for one row. */
  readonly points: number;
  /** Rows that one run takes well; 1 where rows can't be stacked. */
  readonly rowsPerRun: number;
  /** What was compiled, defaults filled in. */
  readonly request: ExplainRequest;
  readonly diagnostics: readonly Diagnostic[];
}
