import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import type { Encoded, Tokenizer } from "./encoded.js";
import type { InputDetail } from "./inputDetail.js";
import { rowDims, type InputSlot } from "./inputSlot.js";
import type { InputSource } from "./mapping.js";
import { cellOf, placeOf, readCell, unpack } from "./rowValue.js";
import type { SampleRow } from "./sampleFile.js";

/** One row's ids with padding; the real ones are ids[start … start + length − 1]. */
export interface TokenRow {
  readonly ids: readonly number[];
  readonly start: number;
  readonly length: number;
  readonly detail: InputDetail;
}

/** Tokenizes the rows' texts (or takes their ids) and pads them to one length: the model's fixed one, else the longest row's. Longer texts, also than the tokenizer allows, are cut before the closing special tokens, which is reported. */
export async function padTokens(
  rows: readonly SampleRow[],
  slot: InputSlot,
  source: InputSource,
  tokenizer: Tokenizer | undefined,
  file: string | undefined,
): Promise<{ rows: TokenRow[]; diagnostics: Diagnostic[] }> {
  const encoded = await Promise.all(rows.map((row) => encodeRow(row, slot, source, tokenizer, file)));
  const declared = rowDims(slot)?.at(-1);
  const fixed = typeof declared === "number" ? declared : Infinity;
  // Ids that are given are taken as they are; only the model's own length cuts them.
  const cut = encoded.map((row) => (row.text === undefined ? fixed : Math.min(fixed, tokenizer?.maxLength ?? Infinity)));
  const longest = Math.max(1, ...encoded.map((row, i) => Math.min(row.encoded.ids.length, cut[i] ?? Infinity)));
  const length = typeof declared === "number" ? declared : longest;
  const diagnostics: Diagnostic[] = [];
  const result = encoded.map(({ encoded: all, text }, i): TokenRow => {
    const kept = Math.min(all.ids.length, cut[i] ?? Infinity);
    const part = cutter(all, kept);
    const row = rows[i];
    if (kept < all.ids.length && row !== undefined)
      diagnostics.push({
        code: "APPROXIMATION",
        severity: "warning",
        message: `The text of row ${row.row} has ${all.ids.length} tokens; the model sees the first ${kept}.`,
        ...placeOf(row, file),
      });
    const padding = Array.from({ length: length - kept }, () => tokenizer?.padId ?? 0);
    const ids = part(all.ids);
    const left = tokenizer?.padding === "left";
    const start = left ? padding.length : 0;
    return {
      ids: left ? [...padding, ...ids] : [...ids, ...padding],
      start,
      length: kept,
      detail: {
        values: ids,
        start,
        length: kept,
        ...(all.tokens.length === 0 ? {} : { labels: part(all.tokens), special: part(all.special) }),
        ...(text === undefined ? {} : { text, spans: part(all.spans), words: part(all.words) }),
      },
    };
  });
  return { rows: result, diagnostics };
}

/** Takes `kept` of a text's tokens: the first ones, and the special ones at the end, without which a model would see a text that does not end. */
function cutter({ special }: Encoded, kept: number): <T>(list: readonly T[]) => T[] {
  let closing = 0;
  while (closing < special.length && closing < kept && special[special.length - 1 - closing] === true) closing++;
  return (list) => (list.length <= kept ? [...list] : [...list.slice(0, kept - closing), ...list.slice(list.length - closing)]);
}

async function encodeRow(
  row: SampleRow,
  slot: InputSlot,
  source: InputSource,
  tokenizer: Tokenizer | undefined,
  file: string | undefined,
): Promise<{ encoded: Encoded; text?: string }> {
  const column = source.columns[0] ?? "";
  const cell = source.kind === "columns" && source.columns.length > 1 ? null : unpack(cellOf(row, column, file));
  if (typeof cell === "string") {
    if (tokenizer === undefined)
      throw new ExplainError("INPUT_INVALID", `The input "${slot.name}" takes token ids and the sample has text, but no tokenizer is known.`, {
        ...placeOf(row, file),
        hint: "Put the model's tokenizer.json (or vocab.txt) beside it, or name it with --tokenizer or in the sidecar.",
      });
    const encoded = await tokenizer.encode(cell);
    if (encoded.ids.length === 0)
      throw new ExplainError("INPUT_INVALID", `The text of row ${row.row} has no tokens.`, { ...placeOf(row, file), hint: "Give it at least one word." });
    return { encoded, text: cell };
  }
  const { data } = readCell(row, source.kind === "text" ? { ...source, kind: "cell" } : source, slot, file);
  const ids = data.map(Number);
  const bad = ids.find((id) => !Number.isInteger(id) || id < 0);
  if (bad !== undefined)
    throw new ExplainError("INPUT_INVALID", `Row ${row.row} has ${bad} as a token id; ids are whole numbers from 0.`, { ...placeOf(row, file) });
  // Without a tokenizer the ids have no words; the number is its own label then.
  return { encoded: { ids, tokens: ids.map((id) => tokenizer?.tokenOf(id) ?? String(id)), spans: [], special: ids.map(() => false), words: [] } };
}
