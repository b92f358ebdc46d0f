import { ExplainError, type DiagnosticCode } from "./diagnostic.js";

/** What can be wrong with a single row while others are right. Everything else is wrong with the request, and ends the run. */
const ofRows: ReadonlySet<DiagnosticCode> = new Set([
  "SAMPLES_INVALID",
  "VALUE_NOT_A_NUMBER",
  "COLUMN_MISSING",
  "INPUT_MISSING",
  "INPUT_INVALID",
  "FILE_NOT_FOUND",
  "LIMIT_EXCEEDED",
  "RUNTIME_FAILED",
  // Half of the rows take half of it.
  "OUT_OF_MEMORY",
  "NOT_FINITE",
]);

/** Whether an error may be the fault of one row. */
export function isRowFailure(error: unknown): error is ExplainError {
  return error instanceof ExplainError && ofRows.has(error.diagnostic.code);
}

/** A row that was left out, and why. */
export interface Reject {
  readonly row: number;
  readonly line?: number;
  readonly code: DiagnosticCode;
  readonly reason: string;
}

/** The line of the rejects file. */
export function rejectOf(row: number, { diagnostic }: ExplainError): Reject {
  const { code, message, line } = diagnostic;
  return { row, ...(line === undefined ? {} : { line }), code, reason: message };
}

/** The parts of a list for which `attempt` works, found by halves; what fails alone is given to `refuse`. Errors that are no row's are thrown on. */
export async function eachGood<T>(
  rows: readonly T[],
  attempt: (rows: readonly T[]) => Promise<void>,
  refuse: (row: T, error: ExplainError) => void,
): Promise<void> {
  if (rows.length === 0) return;
  try {
    await attempt(rows);
  } catch (error) {
    const [only] = rows;
    if (!isRowFailure(error) || only === undefined) throw error;
    if (rows.length === 1) return refuse(only, error);
    const half = Math.ceil(rows.length / 2);
    await eachGood(rows.slice(0, half), attempt, refuse);
    await eachGood(rows.slice(half), attempt, refuse);
  }
}
