import { hasBatchAxis } from "../../data/inputSlot.js";
import { pack } from "../../data/pack.js";
import type { Edits } from "../../protocol/edits.js";
import type { Tensor } from "../../tensor/tensor.js";
import { givenInputs, type PreparedRow } from "../sampleRows.js";
import type { Setting } from "../setting.js";
import type { FlipPart, Writing } from "./flipPart.js";
import type { Change } from "./part.js";
import { withoutSpans } from "./wordParts.js";

type Elements = Extract<Writing, { kind: "elements" }>;

/** A sample whose parts can be changed. */
export interface Changeable {
  readonly setting: Setting;
  readonly base: PreparedRow;
  readonly parts: readonly FlipPart[];
}

/** The inputs of a changed sample; undefined where a text would have no word left. Texts are tokenized anew. */
export async function changedFeeds({ setting, base, parts }: Changeable, change: Change): Promise<PreparedRow["feeds"] | undefined> {
  const feeds: Record<string, Tensor> = { ...base.feeds };
  for (const [input, writings] of byInput(parts, change)) {
    const text = textOf(base, input, writings);
    if (text === undefined) {
      const value = feeds[input];
      if (value !== undefined) feeds[input] = written(value, writings.filter(isElements));
    } else if (/[\p{L}\p{N}]/u.test(text)) Object.assign(feeds, (await givenInputs(setting, { [input]: asText(text) })).feeds);
    else return undefined;
  }
  return feeds;
}

/** The changed inputs whole, as people read them. */
export function editsOf({ setting, base, parts }: Changeable, change: Change): Edits {
  return Object.fromEntries(
    [...byInput(parts, change)].map(([input, writings]): [string, Edits[string]] => {
      const text = textOf(base, input, writings);
      if (text !== undefined) return [input, { kind: "text", text }];
      const dims = dimsOf(setting, base, input);
      const values = [...(base.details[input]?.values ?? [])];
      for (const { positions, values: written, shown = written } of writings.filter(isElements)) positions.forEach((at, i) => (values[at] = shown[i] ?? ""));
      return [input, { kind: "values", values, ...(dims.length > 1 ? { dims } : {}) }];
    }),
  );
}

/** Dims of an input's value behind the batch axis. */
function dimsOf({ slots }: Setting, { feeds }: PreparedRow, input: string): readonly number[] {
  const dims = feeds[input]?.dims ?? [];
  const slot = slots.find(({ name }) => name === input);
  return slot !== undefined && hasBatchAxis(slot) ? dims.slice(1) : dims;
}

function byInput(parts: readonly FlipPart[], change: Change): ReadonlyMap<string, readonly Writing[]> {
  const found = new Map<string, Writing[]>();
  for (const [at, level] of change) {
    const part = parts[at];
    if (part === undefined) continue;
    found.set(part.input, [...(found.get(part.input) ?? []), part.write(level)]);
  }
  return found;
}

/** What is left of an input's text; undefined where none of it is taken out. */
function textOf({ details }: PreparedRow, input: string, writings: readonly Writing[]): string | undefined {
  const spans = writings.flatMap((writing) => (writing.kind === "removal" ? [writing.span] : []));
  return spans.length === 0 ? undefined : withoutSpans(details[input]?.text ?? "", spans);
}

/** A text that means itself: a leading @ would name a file. */
function asText(text: string): string {
  return text.replace(/^(?=@)/u, " ");
}

function isElements(writing: Writing): writing is Elements {
  return writing.kind === "elements";
}

function written(value: Tensor, writings: readonly Elements[]): Tensor {
  if (value.dtype === "string") {
    const data = [...(value.data as readonly string[])];
    for (const { positions, values } of writings) positions.forEach((at, i) => (data[at] = String(values[i])));
    return { ...value, data };
  }
  const { dtype, dims } = value;
  const data = value.data.slice() as Float32Array;
  for (const { positions, values } of writings) {
    const packed = pack(dtype, [values.length], values.map(Number)).data as Float32Array;
    positions.forEach((at, i) => (data[at] = packed[i] ?? 0));
  }
  return { dtype, dims, data };
}
