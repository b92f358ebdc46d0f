import type { Tensor } from "../tensor/tensor.js";
import { alternativesOf, baselineTensors, type BaselineSet } from "./baselineSet.js";
import type { Prepared } from "./prepare.js";

/** What a baseline may be called that needs no more than the model, its samples and its tokenizer. */
const usual = ["zero", "mean", "median", "pad", "mask", "unk"];

/** The other usual baselines of some rows, by name: for each input that they have a meaning for, and that does not start there already. */
export async function alternativeBaselines(
  { prepared, fixed, baselines: now }: { readonly prepared: Prepared; readonly fixed: readonly string[]; readonly baselines: BaselineSet },
  batch: readonly number[],
): Promise<Readonly<Record<string, Readonly<Record<string, Tensor>>>>> {
  const found: Record<string, Readonly<Record<string, Tensor>>> = {};
  for (const word of usual) {
    const baselines = await alternativesOf(prepared, word, fixed, now.words);
    if (Object.keys(baselines).length > 0) found[word] = baselineTensors(baselines, batch).tensors;
  }
  return found;
}
