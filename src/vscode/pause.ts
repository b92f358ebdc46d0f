import { ExplainError } from "../base/diagnostic.js";

/** Waits, unless the work is cancelled: then it rejects with CANCELLED. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(new ExplainError("CANCELLED", "Cancelled."));
      },
      { once: true },
    );
  });
}
