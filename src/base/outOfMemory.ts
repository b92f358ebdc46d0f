/**
 * What is said when memory ran out, by V8 (a heap at its limit, an array that can't be had), by ONNX Runtime's allocators, by the C++ libraries of the platforms
 * (std::bad_alloc, MSVC's "bad allocation") and by WebAssembly.
 */
const words = /heap out of memory|bad_alloc|bad allocation|buffer allocation failed|failed to allocate memory|could not allocate memory/i;
const codes: ReadonlySet<unknown> = new Set(["ERR_WORKER_OUT_OF_MEMORY", "ERR_MEMORY_ALLOCATION_FAILED", "ENOMEM"]);

/** Whether an error says that memory ran out. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && (("code" in error && codes.has(error.code)) || words.test(error.message));
}

/** What can be done about it. */
export const memoryHint =
  "Explain fewer rows at a time or a smaller sample, or close what else takes memory. " +
  "The setting explainPrediction.limits.memoryMegabytes (--limit memoryMegabytes=N) refuses what would not fit before it runs.";
