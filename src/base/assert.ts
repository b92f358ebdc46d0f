/** Fails with `message` when a condition that the code itself guarantees does not hold: a defect, not bad input. */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new Error(typeof message === "string" ? message : message());
}

/** The value, or a failure naming what was missing. For look-ups that the code guarantees. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`missing ${what}`);
  return value;
}
