import { basename, dirname, extname, join, relative, sep } from "node:path";
import { isWithin } from "./samePath.js";

/** The folder of a workspace that holds files made from others; it can be deleted at any time. */
export const exportFolder = ".explain";

/**
 * Where the ONNX file made of `source` lies: ROOT/.explain/FOLDER/KEY/NAME.onnx for ROOT/FOLDER/NAME.py, so that the folder with the model's companions can be
 * told from its path. A source outside the root gets a `.explain` folder beside it.
 */
export function exportPlace(root: string, source: string, key: string): string {
  const folder = dirname(source);
  const inside = isWithin(root, folder);
  return join(inside ? root : folder, exportFolder, inside ? relative(root, folder) : "", key, `${basename(source, extname(source))}.onnx`);
}

/** The folder with a model's companions (sidecar, tokenizer, samples, source): the model's own, and for one in `.explain` that of the file it was made from. */
export function companionFolder(model: string): string {
  const parts = dirname(model).split(sep);
  const at = parts.lastIndexOf(exportFolder);
  return at < 0 || at > parts.length - 2 ? dirname(model) : [...parts.slice(0, at), ...parts.slice(at + 1, -1)].join(sep) || sep;
}
