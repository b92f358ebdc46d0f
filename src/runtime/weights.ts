import { statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import { limitOf, megabyte, overLimit } from "../base/limits.js";
import { staysInside } from "../base/inside.js";
import { mapAbove } from "../base/mapAbove.js";
import type { Graph, Initializer } from "../graph/ir.js";
import type { SessionSettings } from "./session.js";

/** How sessions of derived graphs find the weights of the original file, without a copy. */
export function weightSettings(file: string, bytes: Uint8Array, graph: Graph): SessionSettings {
  const external = [...graph.initializers.values()].flatMap((i) => (i.content.kind === "external" ? [i.content] : []));
  const files = new Set(external.map(({ location }) => location));
  for (const location of files) checkLocation(file, location);
  checkModelSize(file, bytes.length + [...files].reduce((sum, location) => sum + sizeOfFile(resolve(dirname(file), location)), 0));
  const location = basename(file);
  const place = (initializer: Initializer): { location: string; offset: number; length: number } | undefined => {
    if (initializer.content.kind !== "raw") return undefined;
    const view = initializer.content.bytes;
    if (view.buffer !== bytes.buffer) return undefined;
    return { location, offset: view.byteOffset - bytes.byteOffset, length: view.byteLength };
  };
  const large = bytes.length + external.reduce((n, e) => n + e.length, 0) > mapAbove;
  if (large || external.length > 0) return { place, folder: dirname(file), prepack: !large };
  return { place, externalData: [{ path: location, data: bytes }] };
}

/** Throws LIMIT_EXCEEDED for a model that has more bytes than the setting allows. */
export function checkModelSize(file: string, bytes: number): void {
  if (bytes > limitOf("modelMegabytes") * megabyte) throw overLimit("modelMegabytes", "The model has", bytes / megabyte, { file });
}

/** 0 for a file that is not there: the runtime says so. */
function sizeOfFile(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Paths in a model file are not trusted: they stay in the model's folder. */
function checkLocation(file: string, location: string): void {
  if (!staysInside(dirname(file), location))
    throw new ExplainError("EXTERNAL_DATA", `The model keeps weights in "${location}", which is outside its own folder.`, {
      file,
      hint: "Move the data file beside the model and save the model with a relative location.",
    });
}
