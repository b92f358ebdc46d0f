import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import { limitOf, overLimit } from "../base/limits.js";
import { betweenTexts } from "../protocol/betweenTexts.js";
import type { Encoded, Tokenizer } from "./encoded.js";
import type { InputDetail } from "./inputDetail.js";
import { rowDims, type InputSlot } from "./inputSlot.js";
import type { InputSource } from "./mapping.js";
import { isNumberText } from "./number.js";
import { cellOf, placeOf, readCell, unpack } from "./rowValue.js";
import type { SampleRow } from "./sampleFile.js";

/** One row's ids with padding; the real ones are ids[start … start + length − 1]. */
export interface TokenRow {
  readonly ids: readonly number[];
  readonly start: number;
  readonly length: number;
  /** One an id, padding included; absent: all 0. */
  readonly types?: readonly number[];
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
  if (!(length <= limitOf("tokens"))) throw overLimit("tokens", `The input "${slot.name}" would be`, length, { ...(file === undefined ? {} : { file }) });
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
    const types = all.types === undefined ? undefined : part(all.types);
    const untyped = padding.map(() => 0);
    return {
      ids: left ? [...padding, ...ids] : [...ids, ...padding],
      start,
      length: kept,
      ...(types === undefined ? {} : { types: left ? [...untyped, ...types] : [...types, ...untyped] }),
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

/**
 * Takes `kept` of a text's tokens: the first ones, and the special ones at the end, without which a model would see a text that does not end.
 * Of two texts the longer one loses tokens at its end first, as tokenizers cut pairs by default.
 */
function cutter({ special, sequences }: Encoded, kept: number): <T>(list: readonly T[]) => T[] {
  if (sequences !== undefined && sequences.length > kept) {
    const dropped = droppedOfPair(sequences, sequences.length - kept);
    return (list) => list.filter((_, i) => !dropped.has(i));
  }
  let closing = 0;
  while (closing < special.length && closing < kept && special[special.length - 1 - closing] === true) closing++;
  return (list) => (list.length <= kept ? [...list] : [...list.slice(0, kept - closing), ...list.slice(list.length - closing)]);
}

function droppedOfPair(sequences: readonly (number | null)[], surplus: number): ReadonlySet<number> {
  const places = [0, 1].map((sequence) => sequences.flatMap((own, i) => (own === sequence ? [i] : [])));
  const [first = [], second = []] = places;
  const dropped = new Set<number>();
  while (dropped.size < surplus && first.length + second.length > 0) {
    const last = (first.length > second.length ? first : second).pop();
    if (last !== undefined) dropped.add(last);
  }
  // A limit below the special tokens alone leaves the first of them.
  for (let i = sequences.length - 1; dropped.size < surplus && i >= 0; i--) dropped.add(i);
  return dropped;
}

async function encodeRow(
  row: SampleRow,
  slot: InputSlot,
  source: InputSource,
  tokenizer: Tokenizer | undefined,
  file: string | undefined,
): Promise<{ encoded: Encoded; text?: string }> {
  const texts = textsOf(row, source, file);
  const [first, pair] = texts;
  if (first !== undefined) {
    if (tokenizer === undefined)
      throw new ExplainError("INPUT_INVALID", `The input "${slot.name}" takes token ids and the sample has text, but no tokenizer is known.`, {
        ...placeOf(row, file),
        hint: "Put the model's tokenizer.json (or vocab.txt) beside it, or name it with --tokenizer or in the sidecar.",
      });
    const encoded = await tokenizer.encode(first, pair);
    if (encoded.ids.length === 0)
      throw new ExplainError("INPUT_INVALID", `The text of row ${row.row} has no tokens.`, { ...placeOf(row, file), hint: "Give it at least one word." });
    return { encoded, text: texts.join(betweenTexts) };
  }
  const { data } = readCell(row, source.kind === "text" ? { ...source, kind: "cell" } : source, slot, file);
  const ids = data.map(Number);
  const bad = ids.find((id) => !Number.isInteger(id) || id < 0);
  if (bad !== undefined)
    throw new ExplainError("INPUT_INVALID", `Row ${row.row} has ${bad} as a token id; ids are whole numbers from 0.`, { ...placeOf(row, file) });
  // Without a tokenizer the ids have no words; the number is its own label then.
  return { encoded: { ids, tokens: ids.map((id) => tokenizer?.tokenOf(id) ?? String(id)), spans: [], special: ids.map(() => false), words: [] } };
}

/** The one or two texts of a row; none where it has ids. A typed text says with its separator that it is two. */
function textsOf(row: SampleRow, source: InputSource, file: string | undefined): readonly string[] {
  if (source.kind === "text" && source.columns.length > 1) return source.columns.map((column) => String(cellOf(row, column, file) ?? ""));
  const cell = source.columns.length > 1 ? null : unpack(cellOf(row, source.columns[0] ?? "", file));
  if (typeof cell === "string") {
    const parts = cell.split(betweenTexts);
    return parts.length === 2 ? parts : [cell];
  }
  if (!Array.isArray(cell) || cell.length !== 2) return [];
  const texts = cell.filter((part): part is string => typeof part === "string" && !isNumberText(part));
  return texts.length === 2 ? texts : [];
}
