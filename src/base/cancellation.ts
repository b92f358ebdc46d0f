import { ExplainError } from "./diagnostic.js";

/** A flag that is read between chunks of work; structurally compatible with AbortSignal. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** Throws the CANCELLED diagnostic if the signal was raised. */
export function throwIfCancelled(signal: CancelSignal | undefined): void {
  if (signal?.aborted === true) throw new ExplainError("CANCELLED", "Cancelled.");
}
