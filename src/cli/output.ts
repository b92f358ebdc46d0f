import { writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { Io } from "./io.js";

/** Writes a result to the file of `--out`, or to stdout. Throws FILE_NOT_FOUND when the file can't be written. */
export function deliver(text: string, out: string | undefined, io: Io): void {
  if (out === undefined) return io.out(text);
  const file = resolve(out);
  try {
    writeFileSync(file, `${text}\n`);
  } catch (error) {
    throw writeFailure(error, file);
  }
}

/** What is said of a file that can't be written. */
export function writeFailure(error: unknown, file: string): ExplainError {
  return new ExplainError("FILE_NOT_FOUND", `The result could not be written to ${file}: ${error instanceof Error ? error.message : String(error)}`, {
    file,
    hint: `Check that the folder ${dirname(file)} exists and may be written to.`,
  });
}
