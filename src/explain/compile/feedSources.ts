import { present } from "../../base/assert.js";
import type { InputSlot } from "../../data/inputSlot.js";
import type { InputSource } from "../../data/inputSource.js";
import { mapColumns, type Mapping } from "../../data/mapping.js";
import { openSamples } from "../../data/samples.js";
import type { FeedSource } from "../../protocol/compiled.js";
import { toNumbers } from "../../tensor/tensor.js";
import type { PredictedRow, Prepared } from "../prepare.js";

/** Rows whose cells tell what the columns hold. */
const looked = 64;

/** Which columns of a data set feed each input of a compiled explanation, for whoever reads rows without this program; and the columns that name a row and hold its true answer. */
export async function feedSources(
  prepared: Prepared,
): Promise<{ readonly feeds: Readonly<Record<string, FeedSource>>; readonly id?: string; readonly label?: string }> {
  const { setting, rows } = prepared;
  const row = present(rows[0], "row");
  const mapping = await mappingOf(prepared);
  const feeds = Object.fromEntries(
    setting.slots.map((slot) => [slot.name, feedSource(slot, mapping?.inputs[slot.name] ?? said(slot, prepared), row, prepared)]),
  );
  return {
    feeds,
    ...(mapping?.id === undefined ? {} : { id: mapping.id }),
    ...(mapping?.label === undefined ? {} : { label: mapping.label }),
  };
}

async function mappingOf({ setting, sampleFile }: Prepared): Promise<Mapping | undefined> {
  if (sampleFile === undefined) return undefined;
  const samples = await openSamples(sampleFile);
  try {
    return mapColumns(setting.slots, samples.columns, await samples.rows(0, looked), setting.sidecar);
  } finally {
    await samples.close();
  }
}

/** What the sidecar, or the names of features, say of an input where no file was looked at. */
function said({ name, features }: InputSlot, { setting }: Prepared): InputSource | undefined {
  const columns = setting.sidecar.inputs?.[name]?.columns ?? features;
  return columns === undefined ? undefined : { kind: columns.length === 1 ? "cell" : "columns", columns };
}

function feedSource(slot: InputSlot, source: InputSource | undefined, { feeds }: PredictedRow, { setting }: Prepared): FeedSource {
  const value = present(feeds[slot.name], slot.name);
  const shape = { dtype: value.dtype, dims: value.dims.slice(1) };
  const refused = (reason: string): FeedSource => ({ ...shape, kind: "refused", reason });
  if (value.dtype === "string" || value.dtype.endsWith("float16")) return refused(`it takes ${value.dtype}`);
  if (source === undefined) return refused("nothing says which columns feed it");
  const tokenizer = slot.tokenizer ?? setting.tokenizer;
  switch (source.kind) {
    case "columns":
      return source.categories === undefined ? { ...shape, kind: "columns", columns: source.columns } : refused("its columns hold words for numbers");
    case "cell":
      return { ...shape, kind: "cell", columns: source.columns };
    case "text":
      if (source.columns.length !== 1) return refused("it takes two texts");
      return tokenizer === undefined
        ? refused("no tokenizer was found")
        : { ...shape, kind: "text", columns: source.columns, pad: tokenizer.padId, left: tokenizer.padding === "left", tokenizer: tokenizer.file };
    case "derived":
      return slot.role === "mask" && source.from !== undefined && tokenizer !== undefined
        ? { ...shape, kind: "mask", from: source.from, pad: tokenizer.padId }
        : { ...shape, kind: "constant", value: Array.from(toNumbers(value)) };
    case "default":
      return { ...shape, kind: "constant", value: Array.from(toNumbers(value)) };
    case "image":
    case "audio":
      return refused(`it takes ${source.kind === "image" ? "pictures" : "sounds"}`);
  }
}
