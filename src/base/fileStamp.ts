import { stat } from "node:fs/promises";

/**
 * What changes when a file is written, replaced (also by one of the same size and time, or from before, when a clock was set back) or removed; "none" for one that
 * is not there. To be compared for equality only: times of files jump.
 */
export async function fileStamp(file: string): Promise<string> {
  const info = await stat(file).catch(() => undefined);
  return info === undefined ? "none" : `${info.size} ${info.mtimeMs} ${info.ctimeMs}`;
}
