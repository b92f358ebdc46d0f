import { openSamples, type SampleFile } from "../../data/samples.js";
import type { BatchPlan } from "../../protocol/batch.js";
import type { OpenModel } from "../../runtime/openModel.js";
import { readSetting, type Setting } from "../setting.js";

/** A data set and the model that explains it. */
export interface OpenDataset {
  readonly opened: OpenModel;
  readonly setting: Setting;
  readonly samples: SampleFile;
}

/** Keeps the data set of the last piece open: the index of a file's rows is made once for all pieces. */
export function createDatasets(openModel: (file: string, threads?: number) => Promise<OpenModel>): {
  open(plan: BatchPlan, threads: number): Promise<OpenDataset>;
  close(): Promise<void>;
} {
  let kept: { readonly key: string; readonly setting: Setting; readonly samples: SampleFile } | undefined;
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
        kept = { key, setting: await readSetting(plan.asked, opened), samples: await openSamples(plan.samples) };
      }
      return { opened, setting: kept.setting, samples: kept.samples };
    },
    close,
  };
}
