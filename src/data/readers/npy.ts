import { fromArrays } from "../arrayRows.js";
import { parseNpy } from "../npy.js";
import { readWhole } from "../readWhole.js";
import type { SampleFile } from "../sampleFile.js";

/** Opens an array saved by NumPy: axis 0 is the row, the column is called "value". */
export async function openNpy(file: string): Promise<SampleFile> {
  return fromArrays(file, "npy", new Map([["value", parseNpy(await readWhole(file), file)]]));
}
