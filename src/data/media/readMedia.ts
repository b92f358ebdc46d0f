import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { ExplainError } from "../../base/diagnostic.js";
import { limitOf, megabyte, overLimit } from "../../base/limits.js";
import { staysInside } from "../../base/inside.js";

/** A picture's or sound's bytes. Throws FILE_NOT_FOUND or SAMPLES_INVALID. */
export async function readMedia(file: string, kind: "picture" | "sound"): Promise<Uint8Array> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined || !info.isFile())
    throw new ExplainError("FILE_NOT_FOUND", `The ${kind} ${basename(file)} does not exist.`, { file, hint: "Check the path, or choose another row." });
  if (info.size > limitOf("mediaMegabytes") * megabyte)
    throw overLimit("mediaMegabytes", `The ${kind} ${basename(file)} has`, info.size / megabyte, { code: "SAMPLES_INVALID", file, hint: "Use a smaller one." });
  if (info.size === 0) throw new ExplainError("SAMPLES_EMPTY", `The ${kind} ${basename(file)} is empty.`, { file });
  return readFile(file);
}

/**
 * A path that stands in a sample file, made absolute. It must stay inside `folder`, links followed: a sample must not make anyone read other files.
 * Throws SAMPLES_INVALID for one that leads out.
 */
export function insideFolder(folder: string, path: string): string {
  if (!staysInside(folder, path))
    throw new ExplainError("SAMPLES_INVALID", `"${path.slice(0, 80)}" lies outside the folder of the sample file.`, {
      file: folder,
      hint: "Files named in a sample are relative to it and stay inside its folder.",
    });
  return resolve(folder, path);
}
