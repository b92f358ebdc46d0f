import { limitOf, megabyte, overLimit } from "../base/limits.js";
import type { Diagnostic } from "../base/diagnostic.js";

/**
 * Number of elements of a tensor whose sizes come from a file. Sizes are multiplied as floating-point numbers, which do not wrap around.
 * Throws LIMIT_EXCEEDED (tensorMegabytes) before anything is allocated. `what` begins the sentence: "The input x".
 */
export function checkedSize(dims: readonly number[], bytesEach: number, what: string, place: Partial<Diagnostic> = {}): number {
  const size = dims.reduce((product, d) => product * d, 1);
  const megabytes = (size * bytesEach) / megabyte;
  if (!(megabytes <= limitOf("tensorMegabytes"))) throw overLimit("tensorMegabytes", `${what} has dims [${dims.join(", ")}]:`, megabytes, place);
  return size;
}
