import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { resumable } from "../../base/writeError.js";
import { writeWhole } from "../../base/writeWhole.js";

/** Writes the lines of a finished piece. Throws DISK_FULL and FILE_NOT_FOUND. */
export function writePiece(file: string, lines: readonly string[]): Promise<void> {
  return writeWhole(file, lines.map((line) => `${line}\n`).join(""), resumable);
}

/** Lines of a file, one after the other. */
export function eachLine(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
}
