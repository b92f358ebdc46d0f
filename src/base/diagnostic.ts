import { isOutOfMemory, memoryHint } from "./outOfMemory.js";

/** Every way in which a request can go wrong or deserve a remark. A code is stable: scripts and tests match on it. */
export type DiagnosticCode =
  | "NOT_A_MODEL"
  | "MODEL_TRUNCATED"
  | "MODEL_INVALID"
  | "MODEL_UNSUPPORTED"
  | "MODEL_CHANGED"
  | "EXTERNAL_DATA"
  | "UNSUPPORTED_OPERATOR"
  | "NO_GRADIENT_PATH"
  | "RUNTIME_FAILED"
  | "RUNTIME_MISSING"
  | "FILE_NOT_FOUND"
  | "FILE_EXISTS"
  | "SAMPLES_EMPTY"
  | "SAMPLES_INVALID"
  | "COLUMN_MISSING"
  | "COLUMNS_AMBIGUOUS"
  | "VALUE_NOT_A_NUMBER"
  | "ROW_MISSING"
  | "INPUT_MISSING"
  | "INPUT_INVALID"
  | "UNKNOWN_METHOD"
  | "UNKNOWN_TARGET"
  | "UNKNOWN_LAYER"
  | "UNKNOWN_INPUT"
  | "OPTION_INVALID"
  | "BASELINE_INVALID"
  | "SIDECAR_INVALID"
  | "LIMIT_EXCEEDED"
  | "NOT_CONVERGED"
  | "NOT_COMPLETE"
  | "NOT_FINITE"
  | "NO_CHANGE"
  | "NO_CREDIT"
  | "OTHER_METHOD"
  | "SATURATED"
  | "APPROXIMATION"
  | "PRECISION_WIDENED"
  | "PRECISION_NARROWED"
  | "PLAIN_GRADIENT"
  | "NOT_CONSERVED"
  | "BATCH_NOT_INDEPENDENT"
  | "FIXED_INPUT"
  | "RESULTS_LEFT_OUT"
  | "PYTHON_MISSING"
  | "PYTHON_PACKAGE_MISSING"
  | "EXPORT_FAILED"
  | "NOT_TRUSTED"
  | "RAY_UNREACHABLE"
  | "RAY_VERSION"
  | "RAY_PACKAGES"
  | "RAY_FAILED"
  | "DISK_FULL"
  | "OUT_OF_MEMORY"
  | "WORKER_DIED"
  | "CANCELLED"
  | "INTERNAL";

/** A remark about a request: what was found, where, and what to do about it. Plain data: it crosses threads and windows. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning" | "info";
  /** One or two sentences: what was found. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly hint?: string;
  /** Where it was found, if in a file. Lines and columns count from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The graph node concerned. */
  readonly node?: string;
}

/** An error that is meant for the person who asked: its message is shown as it stands, never with a stack. */
export class ExplainError extends Error {
  override readonly name = "ExplainError";
  readonly diagnostic: Diagnostic;

  constructor(code: DiagnosticCode, message: string, details: Partial<Omit<Diagnostic, "code" | "message" | "severity">> = {}) {
    super(message);
    this.diagnostic = { code, severity: "error", message, ...details };
  }
}

/** Any thrown value as a diagnostic; what is neither an ExplainError nor a lack of memory is a defect of ours and says so. */
export function toDiagnostic(error: unknown): Diagnostic {
  if (error instanceof ExplainError) return error.diagnostic;
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(error)) return { code: "OUT_OF_MEMORY", severity: "error", message: `There was not enough memory (${message}).`, hint: memoryHint };
  return {
    code: "INTERNAL",
    severity: "error",
    message: `Something went wrong that should not: ${message}`,
    hint: "Please report it with the model's operators (explain-prediction inspect).",
  };
}

/** One line (or two) for people: place, message, hint. */
export function formatDiagnostic(d: Diagnostic): string {
  const place = d.file === undefined ? "" : `${d.file}${d.line === undefined ? "" : `:${d.line}${d.column === undefined ? "" : `:${d.column}`}`}: `;
  return `${place}${d.message}${d.hint === undefined ? "" : `\n${d.hint}`}`;
}
