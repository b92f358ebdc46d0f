import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { Io } from "./io.js";

/** Writes a result to the file of `--out`, whole or not at all, or to stdout. Throws FILE_NOT_FOUND when the file can't be written, DISK_FULL when there is no room. */
export function deliver(text: string, out: string | undefined, io: Io): void {
  if (out === undefined) return io.out(text);
  const file = resolve(out);
  try {
    // A pipe or a device is written to as it is.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) writeFileSync(file, `${text}\n`);
    else writeWhole(file, `${text}\n`);
  } catch (error) {
    throw writeFailure(error, file);
  }
}

function writeWhole(file: string, text: string): void {
  const part = `${file}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** The system's words for a disk, or a person's share of it, that is full. */
const noRoom: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

/** What is said of a file that can't be written. */
export function writeFailure(error: unknown, file: string): ExplainError {
  if (error instanceof Error && "code" in error && noRoom.includes(error.code))
    return new ExplainError("DISK_FULL", `There is no room for the result in ${file}: ${error.message}`, {
      file,
      hint: "Make room, or write elsewhere (--out). What stood there before is as it was.",
    });
  return new ExplainError("FILE_NOT_FOUND", `The result could not be written to ${file}: ${error instanceof Error ? error.message : String(error)}`, {
    file,
    hint: `Check that the folder ${dirname(file)} exists and may be written to.`,
  });
}
