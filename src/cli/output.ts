import { resolve } from "node:path";
import { writeWhole } from "../base/writeWhole.js";
import type { Io } from "./io.js";

/** Writes a result to the file of `--out`, whole or not at all, or to stdout. Throws FILE_NOT_FOUND when the file can't be written, DISK_FULL when there is no room. */
export async function deliver(text: string, out: string | undefined, io: Io): Promise<void> {
  if (out === undefined) io.out(text);
  else await writeWhole(resolve(out), `${text}\n`);
}
