import { stat } from "node:fs/promises";
import type { InputSlot } from "../../data/inputSlot.js";
import type { OpenModel } from "../../runtime/openModel.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Setting } from "../setting.js";

/** As many of a model's means are kept; the oldest goes first. */
const mostKept = 16;
const kept = new WeakMap<OpenModel, Map<string, Promise<Tensor>>>();

/**
 * The mean of an input over a file, kept while the model is open and for as long as neither the file nor anything that says how it is read has changed: who moves a
 * slider asks for the same one with each frame. Inputs of texts, pictures and sounds are read anew: they depend on more files than one.
 */
export async function keptMean(setting: Setting, slot: InputSlot, file: string, make: () => Promise<Tensor>): Promise<Tensor> {
  const { opened, slots, sidecar } = setting;
  const info = await stat(file).catch(() => undefined);
  if (slot.role !== "features" || info?.isFile() !== true || slots.some(({ tokenizer }) => tokenizer !== undefined) || setting.tokenizer !== undefined)
    return make();
  const means = kept.get(opened) ?? new Map<string, Promise<Tensor>>();
  kept.set(opened, means);
  const key = JSON.stringify([file, info.size, info.mtimeMs, info.ctimeMs, info.ino, slot, slots, sidecar]);
  const known = means.get(key);
  if (known !== undefined) return known;
  const [oldest] = means.keys();
  if (oldest !== undefined && means.size >= mostKept) means.delete(oldest);
  const mean = make();
  means.set(key, mean);
  // What could not be read is tried again next time.
  mean.catch(() => means.delete(key));
  return mean;
}
