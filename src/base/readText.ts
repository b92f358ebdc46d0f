import { readFile, stat } from "node:fs/promises";
import { limitOf, megabyte } from "./limits.js";

/**
 * The text of a file; undefined when there is none that can be read whole: no file, a folder, more bytes than the limit of sample files, or a pipe or a device
 * (a link may lead to one), of which reading may never end.
 */
export async function readText(file: string): Promise<string | undefined> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined || !info.isFile() || info.size > limitOf("sampleMegabytes") * megabyte) return undefined;
  return readFile(file, "utf8").catch(() => undefined);
}
