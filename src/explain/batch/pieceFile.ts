import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { ExplainError } from "../../base/diagnostic.js";

/** Writes lines to a file that appears whole or not at all, whatever ends the process meanwhile. Throws DISK_FULL. */
export async function writeWhole(file: string, lines: readonly string[]): Promise<void> {
  const unfinished = `${file}.tmp`;
  try {
    const handle = await open(unfinished, "w");
    try {
      await handle.writeFile(lines.map((line) => `${line}\n`).join(""));
      // A name that points to what was never written would be a hole in the result.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw writeError(error, file);
  }
}

/** Lines of a file, one after the other. */
export function eachLine(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
}

/** What went wrong while writing, for people. */
export function writeError(error: unknown, file: string): unknown {
  if (error instanceof ExplainError || !(error instanceof Error) || !("code" in error)) return error;
  const { code } = error;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
    return new ExplainError("DISK_FULL", `There is no room for ${basename(file)}: ${error.message}.`, {
      file,
      hint: "Make room (or write elsewhere) and continue with --resume: what is finished is kept.",
    });
  return new ExplainError("FILE_NOT_FOUND", `${basename(file)} could not be written: ${error.message}.`, {
    file,
    hint: "Check that the folder exists and may be written to. What is finished is kept; continue with --resume.",
  });
}
