import type { Diagnostic } from "../base/diagnostic.js";
import type { ModelValue } from "./explanation.js";
import type { ExplainRequest } from "./request.js";

/** An explanation that was written as an ONNX file. */
export interface CompiledExplanation {
  readonly file: string;
  readonly bytes: number;
  /** The weights beside it, where they are too large for one file. */
  readonly data?: { readonly file: string; readonly bytes: number };
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** Evaluations of the model for one row. */
  readonly points: number;
  /** Rows that one run takes well; 1 where rows can't be stacked. */
  readonly rowsPerRun: number;
  /** What was compiled, defaults filled in. */
  readonly request: ExplainRequest;
  readonly diagnostics: readonly Diagnostic[];
}
