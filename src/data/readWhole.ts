import { readFile, stat } from "node:fs/promises";
import { ExplainError } from "../base/diagnostic.js";

/** Most bytes of a file that is read whole, and of what an archive may unpack to. */
export const wholeLimit = 512 * 1024 * 1024;

/** A file's bytes; SAMPLES_INVALID for one that is too large to be read whole. */
export async function readWhole(file: string): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size > wholeLimit)
    throw new ExplainError("SAMPLES_INVALID", `The file has ${Math.round(size / 1e6)} MB; a file of this kind is read whole, up to ${wholeLimit >> 20} MB.`, {
      file,
      hint: "Save fewer rows.",
    });
  return readFile(file);
}
