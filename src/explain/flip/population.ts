import { basename } from "node:path";
import { openSamples } from "../../data/samples.js";
import type { PreparedRow } from "../sampleRows.js";
import { readPrepared } from "../sampleRows.js";
import type { Setting } from "../setting.js";

/** Rows that are looked at: enough for ranges, categories and spreads, cheap for a file of any length. */
const looked = 1000;

/** Rows that tell what values an input takes. */
export interface Population {
  readonly file: string;
  readonly rows: readonly PreparedRow[];
}

/** The first rows of the training file, else of the sample file, with nothing but `inputs`. Undefined without a file. Throws as reading samples does. */
export async function readPopulation(setting: Setting, samples: string | undefined, inputs: readonly string[]): Promise<Population | undefined> {
  const file = setting.sidecar.training ?? samples ?? setting.sidecar.samples;
  if (file === undefined || inputs.length === 0) return undefined;
  const opened = await openSamples(file);
  const total = await opened.count().finally(() => opened.close());
  const others = setting.slots.map(({ name }) => name).filter((name) => !inputs.includes(name));
  const rows = await readPrepared(
    setting,
    file,
    Array.from({ length: Math.min(looked, total) }, (_, i) => i),
    others,
  );
  return { file: basename(file), rows };
}
