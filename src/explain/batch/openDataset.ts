import { openSamples, type SampleFile, type SampleRow } from "../../data/samples.js";
import type { BatchPlan } from "../../protocol/batch.js";
import type { OpenModel } from "../../runtime/openModel.js";
import { readSetting, type Setting } from "../setting.js";
import { piecewise, type PiecewiseFile } from "./piecewise.js";
import { eachGood } from "../../base/rowFailure.js";

/** A data set and the model that explains it. */
export interface OpenDataset {
  readonly opened: OpenModel;
  readonly setting: Setting;
  readonly samples: PiecewiseFile;
}

/** Keeps the data set of the last piece open: the index of a file's rows is made once for all pieces. */
export function createDatasets(openModel: (file: string, threads?: number) => Promise<OpenModel>): {
  open(plan: BatchPlan, threads: number): Promise<OpenDataset>;
  close(): Promise<void>;
} {
  let kept: { readonly key: string; readonly setting: Setting; readonly samples: PiecewiseFile } | undefined;
  const close = async (): Promise<void> => {
    const { samples } = kept ?? {};
    kept = undefined;
    await samples?.close();
  };
  return {
    async open(plan, threads) {
      const opened = await openModel(plan.request.model, threads);
      const key = JSON.stringify([plan.asked, plan.fingerprints]);
      if (kept?.key !== key || kept.setting.opened !== opened) {
        await close();
        kept = { key, setting: await readSetting(plan.asked, opened), samples: piecewise(await openTolerant(plan.samples)) };
      }
      return { opened, setting: kept.setting, samples: kept.samples };
    },
    close,
  };
}

/** Rows that are looked at to tell what the columns hold. */
const looked = 64;

/** Opens a data set whose first rows may be bad: what the columns hold is told from those that are good. Throws the first row's error when none is. */
export async function openTolerant(file: string): Promise<SampleFile> {
  const samples = await openSamples(file);
  try {
    const first: SampleRow[] = [];
    let reason: Error | undefined;
    const numbers = Array.from({ length: Math.min(looked, await samples.count()) }, (_, i) => i);
    await eachGood(
      numbers,
      async (rows) => void first.push(...(await samples.rows(rows[0] ?? 0, rows.length))),
      (_, error) => void (reason ??= error),
    );
    if (first.length === 0 && reason !== undefined) throw reason;
    return { ...samples, first };
  } catch (error) {
    await samples.close();
    throw error;
  }
}
