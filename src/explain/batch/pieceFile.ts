import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { writeError } from "../../base/writeError.js";

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
