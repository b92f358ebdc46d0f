import { unzipSync } from "fflate";
import { ExplainError } from "../../base/diagnostic.js";
import { megabyte, overLimit } from "../../base/limits.js";
import { fromArrays } from "../arrayRows.js";
import { parseNpy } from "../npy.js";
import { readWhole, wholeLimit } from "../readWhole.js";
import type { SampleFile } from "../sampleFile.js";

/** Opens an archive of arrays saved by NumPy, packed or not: each array is a column under its name. */
export async function openNpz(file: string): Promise<SampleFile> {
  const bytes = await readWhole(file);
  let total = 0;
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!name.endsWith(".npy")) return false;
        total += originalSize;
        if (total > wholeLimit())
          throw overLimit("sampleMegabytes", "The archive unpacks to", total / megabyte, { code: "SAMPLES_INVALID", file, hint: "Save fewer rows." });
        return true;
      },
    });
  } catch (error) {
    if (error instanceof ExplainError) throw error;
    throw new ExplainError("SAMPLES_INVALID", "The file is not a whole ZIP archive.", { file, hint: "Write it with numpy.savez." });
  }
  return fromArrays(file, "npz", new Map(Object.entries(files).map(([name, content]) => [name.slice(0, -4), parseNpy(content, file, name.slice(0, -4))])));
}
