import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { writeError, type WriteAdvice } from "./writeError.js";

/** Writes a file that appears whole or not at all, whatever ends the process meanwhile; what stood there before stays until then. Throws DISK_FULL and FILE_NOT_FOUND. */
export async function writeWhole(file: string, content: string | Uint8Array, advice?: WriteAdvice): Promise<void> {
  // A link stays one.
  const target = await realpath(file).catch(() => file);
  const unfinished = `${target}.tmp`;
  try {
    // A pipe or a device is written to as it is.
    if ((await stat(target).catch(() => undefined))?.isFile() === false) return await writeFile(target, content);
    const handle = await open(unfinished, "w");
    try {
      await handle.writeFile(content);
      // A name that points to what was never written would be a hole in the result.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw writeError(error, file, advice);
  }
}
