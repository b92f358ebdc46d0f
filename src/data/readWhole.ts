import { readFile, stat } from "node:fs/promises";
import { limitOf, megabyte, overLimit } from "../base/limits.js";

/** Most bytes of a file that is read whole, and of what an archive may unpack to. */
export function wholeLimit(): number {
  return limitOf("sampleMegabytes") * megabyte;
}

/** A file's bytes; SAMPLES_INVALID for one that is too large to be read whole. */
export async function readWhole(file: string): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size > wholeLimit())
    throw overLimit("sampleMegabytes", "A file of this kind is read whole, and this one has", size / megabyte, {
      code: "SAMPLES_INVALID",
      file,
      hint: "Save fewer rows.",
    });
  return readFile(file);
}
