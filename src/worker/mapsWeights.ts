import { readdirSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { mapAbove } from "../base/mapAbove.js";

/**
 * Whether a model's weights stay on disk while it runs, as far as its size and the files beside it tell (model.onnx.data, model.onnx_data):
 * whoever cuts such a file off meanwhile, as an export into the same file does, ends the process that reads it.
 */
export function mapsWeights(file: string): boolean {
  try {
    return (
      statSync(file).size > mapAbove ||
      readdirSync(dirname(file)).some((name) => /^[._-]data$/i.test(name.slice(basename(file).length)) && name.startsWith(basename(file)))
    );
  } catch {
    return false;
  }
}
