import { missingShown } from "../data/rowValue.js";
import { openSamples } from "../data/samples.js";
import type { FeatureRange } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { prepareRows } from "./sampleRows.js";
import { readSetting } from "./setting.js";

/** Rows looked at: enough for a slider's ends, cheap for a file of any length. */
const looked = 500;
/** Inputs with more elements have no slider for each. */
const mostElements = 1000;
/** More different words than this are no list to choose from. */
const mostChoices = 60;

/**
 * What values the elements of the numeric inputs take in the first rows of a sample file (the sidecar's by default), by input.
 * Tokens, masks and large tensors are left out. Throws as reading samples does.
 */
export async function featureRanges(
  opened: OpenModel,
  samples: string | undefined,
  columns?: ExplainRequest["columns"],
): Promise<Readonly<Record<string, readonly FeatureRange[]>>> {
  const setting = await readSetting({ model: opened.file, ...(columns === undefined ? {} : { columns }) }, opened);
  const path = samples ?? setting.sidecar.samples;
  if (path === undefined) return {};
  const file = await openSamples(path);
  const total = await file.count().finally(() => file.close());
  const rows = Array.from({ length: Math.min(looked, total) }, (_, i) => i);
  const read = await prepareRows(setting, { samples: path, rows });
  const inputs = setting.slots.filter((slot) => ["features", "categories", "unknown", "flag"].includes(slot.role));
  return Object.fromEntries(
    inputs.flatMap(({ name }) => {
      const columns = read.rows.map((row) => row.details[name]?.values ?? []);
      const width = columns[0]?.length ?? 0;
      if (width === 0 || width > mostElements || columns.some((values) => values.length !== width)) return [];
      return [[name, Array.from({ length: width }, (_, i) => rangeOf(columns.flatMap((values) => values[i] ?? [])))] as const];
    }),
  );
}

function rangeOf(values: readonly (number | string)[]): FeatureRange {
  const different = [...new Set(values)].filter((value) => value !== missingShown);
  if (different.some((value) => typeof value === "string")) return { kind: "choices", choices: different.map(String).sort().slice(0, mostChoices) };
  const numbers = different.filter((value) => typeof value === "number" && Number.isFinite(value)) as number[];
  return {
    kind: "numbers",
    least: numbers.reduce((a, b) => Math.min(a, b), Infinity),
    most: numbers.reduce((a, b) => Math.max(a, b), -Infinity),
    whole: numbers.every(Number.isInteger),
  };
}
