import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import { present } from "../base/assert.js";
import { checkedSize } from "../tensor/checkedSize.js";
import type { Tensor } from "../tensor/tensor.js";
import { sizeOf } from "../tensor/tensor.js";
import type { InputDetail } from "./inputDetail.js";
import { featureGroups } from "./featureGroups.js";
import { hasBatchAxis, rowDims, type InputSlot } from "./inputSlot.js";
import type { InputSource, Mapping } from "./mapping.js";
import { mediaValue, type MediaValue } from "./media/mediaValue.js";
import { pack } from "./pack.js";
import { readCell, type RowValue } from "./rowValue.js";
import type { SampleRow } from "./sampleFile.js";
import { textPieces } from "./textPieces.js";
import type { Tokenizer } from "./encoded.js";
import { padTokens, type TokenRow } from "./padTokens.js";

export type { InputDetail } from "./inputDetail.js";

export interface RowTensors {
  /** By input name; rows stacked on axis 0 where the model has a batch axis. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** By input name, one an entry a row. */
  readonly details: Readonly<Record<string, readonly InputDetail[]>>;
  /** Truncated texts. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Rows of a sample file as the model's inputs. Texts are tokenized and padded to the batch's longest (or the model's fixed length), on the tokenizer's side with its PAD id.
 * Throws VALUE_NOT_A_NUMBER with file, line and column for text or nothing where a number belongs, INPUT_INVALID for a wrong shape. `file` is named in errors.
 */
export async function rowsToTensors(
  rows: readonly SampleRow[],
  mapping: Mapping,
  slots: readonly InputSlot[],
  tokenizer?: Tokenizer,
  file?: string,
): Promise<RowTensors> {
  const tensors: Record<string, Tensor> = {};
  const details: Record<string, readonly InputDetail[]> = {};
  const diagnostics: Diagnostic[] = [];
  const padded = new Map<string, readonly TokenRow[]>();
  const played = new Map<string, readonly MediaValue[]>();
  const sources = (kind: (source: InputSource) => boolean): [InputSlot, InputSource][] =>
    slots.flatMap((slot) => {
      const source = mapping.inputs[slot.name];
      return source !== undefined && kind(source) ? [[slot, source] as [InputSlot, InputSource]] : [];
    });

  for (const [slot, source] of sources((s) => s.kind !== "derived")) {
    if (source.kind === "image" || source.kind === "audio") {
      const column = source.columns[0] ?? "";
      const media: MediaValue[] = [];
      for (const row of rows) media.push(await mediaValue(row, column, source.kind, slot, file));
      played.set(slot.name, media);
      diagnostics.push(...media.flatMap((m) => m.diagnostics));
      tensors[slot.name] = stack(
        slot,
        media.map((m) => m.value),
        file,
      );
      details[slot.name] = media.map((m) => ({ values: m.value.shown, ...(m.rate === undefined ? {} : { rate: m.rate }) }));
      continue;
    }
    if (source.kind === "default") {
      const value = defaultValue(slot);
      tensors[slot.name] = stack(
        slot,
        rows.map(() => value),
        file,
      );
      details[slot.name] = rows.map(() => ({ values: value.shown }));
      continue;
    }
    if (slot.role !== "tokens") {
      const values = rows.map((row) => readCell(row, source, slot, file));
      tensors[slot.name] = stack(slot, values, file);
      details[slot.name] = values.map((value) => featureDetail(value, slot, source));
      continue;
    }
    const tokens = await padTokens(rows, slot, source, slot.tokenizer ?? tokenizer, file);
    padded.set(slot.name, tokens.rows);
    diagnostics.push(...tokens.diagnostics);
    const length = tokens.rows[0]?.ids.length ?? 0;
    const batched = hasBatchAxis(slot);
    tensors[slot.name] = pack(
      slot.dtype === "string" ? "int64" : slot.dtype,
      batched ? [rows.length, length] : [length],
      tokens.rows.flatMap((row) => row.ids),
    );
    details[slot.name] = tokens.rows.map((row) => row.detail);
  }
  for (const [slot, source] of sources((s) => s.kind === "derived")) {
    const media = played.get(source.from ?? "");
    if (media !== undefined) {
      const values = media.map((m) => followMedia(slot, m));
      tensors[slot.name] = stack(slot, values, file);
      details[slot.name] = values.map((value) => ({ values: value.shown }));
      continue;
    }
    const tokens = present(padded.get(source.from ?? ""), `tokens for ${slot.name}`);
    const values = tokens.map((row) => derive(slot, row));
    tensors[slot.name] = pack(
      slot.dtype === "string" ? "int64" : slot.dtype,
      hasBatchAxis(slot) ? [rows.length, values[0]?.length ?? 0] : [values[0]?.length ?? 0],
      values.flat(),
    );
    details[slot.name] = values.map((list, i) => {
      const { start, length } = present(tokens[i], "row");
      return { values: list.slice(start, start + length), start, length };
    });
  }
  return { tensors, details, diagnostics };
}

/** What the features of one row are to people. */
function featureDetail({ shown, labels }: RowValue, slot: InputSlot, { groups }: InputSource): InputDetail {
  if (slot.splits === true && shown.length === 1) {
    const text = String(shown[0]);
    const { words, spans } = textPieces(text);
    return { values: words, labels: words, spans, text };
  }
  const rate = slot.role === "audio" ? slot.audio?.rate : undefined;
  if (typeof rate === "number") return { values: shown, rate };
  if (labels === undefined) return { values: shown };
  return { values: shown, labels, ...(groups === undefined ? {} : { featureGroups: featureGroups(slot.name, labels, groups) }) };
}

/** Mask: 1 on real tokens. Positions count real tokens from 0. Token types: as the tokenizer has them, 0 without one. */
function derive(slot: InputSlot, row: TokenRow): number[] {
  return row.ids.map((_, i) => {
    const real = i >= row.start && i < row.start + row.length;
    if (slot.role === "mask") return real ? 1 : 0;
    if (slot.role === "tokenTypes") return row.types?.[i] ?? 0;
    return slot.role === "positions" && real ? i - row.start : 0;
  });
}

/** A mask over a sound or picture is 1 everywhere; a flag that follows a sound is its rate. */
function followMedia(slot: InputSlot, { value, rate }: MediaValue): RowValue {
  if (slot.role !== "mask") return filled([], rate ?? 0);
  const axes = Math.max(1, rowDims(slot)?.length ?? 1);
  return filled(value.dims.slice(-axes), 1);
}

/** What an input without a value in the sample holds. Axes without a fixed size have one element, the past of a sequence none. */
function defaultValue(slot: InputSlot): RowValue {
  const { value = 0 } = slot;
  if (Array.isArray(value)) return readCell({ row: 0, cells: { [slot.name]: value } }, { kind: "cell", columns: [slot.name] }, slot);
  const dims = (rowDims(slot) ?? []).map((d) => (typeof d === "number" ? d : slot.role === "state" && /past|cache|len|seq/i.test(d ?? "") ? 0 : 1));
  return filled(dims, Number(value));
}

function filled(dims: readonly number[], value: number): RowValue {
  const data = Array.from({ length: checkedSize(dims, Float64Array.BYTES_PER_ELEMENT, "A value that the sample does not give") }, () => value);
  return { dims, data, shown: data };
}

function stack(slot: InputSlot, values: readonly RowValue[], file: string | undefined): Tensor {
  const first = present(values[0], "row");
  const declared = rowDims(slot);
  const batched = hasBatchAxis(slot);
  const dims = shapeRow(slot, first.dims);
  for (const value of values) {
    const own = shapeRow(slot, value.dims);
    if (own.length !== dims.length || own.some((d, i) => d !== dims[i]))
      throw new ExplainError("INPUT_INVALID", `The rows of the input "${slot.name}" differ in shape: [${dims.join(", ")}] and [${own.join(", ")}].`, {
        ...place(file),
        hint: "Explain them one row at a time, or give all the same length.",
      });
  }
  const wrong = declared?.find((d, i) => typeof d === "number" && d !== dims[i]);
  if (declared !== null && (declared.length !== dims.length || wrong !== undefined))
    throw new ExplainError(
      "INPUT_INVALID",
      `The input "${slot.name}" takes values of shape [${declared.map((d) => d ?? "?").join(", ")}] a row, but the sample has [${first.dims.join(", ")}].`,
      { ...place(file), hint: "Give as many values as the input takes." },
    );
  if (!batched) {
    const same = values.every((value) => value.data.every((v, i) => Object.is(v, first.data[i])));
    if (!same)
      throw new ExplainError("INPUT_INVALID", `The input "${slot.name}" has no batch axis, so rows with different values of it can't be explained together.`, {
        ...place(file),
        hint: "Explain them one row at a time.",
      });
  }
  const all = batched ? [values.length, ...dims] : dims;
  const data = batched ? values.flatMap((value) => value.data) : first.data;
  if (slot.dtype === "string") return { dtype: "string", dims: all, data: data.map(String) };
  return pack(slot.dtype, all, data.map(Number));
}

/** Numbers from columns take the input's shape when it is fixed and the count agrees; a leading axis of 1 is the batch axis written out. */
function shapeRow(slot: InputSlot, dims: readonly number[]): readonly number[] {
  const declared = rowDims(slot);
  if (declared === null) return dims;
  if (dims.length === declared.length + 1 && dims[0] === 1) return dims.slice(1);
  if (dims.length === declared.length) return dims;
  const fixed = declared.filter((d) => typeof d === "number");
  const count = sizeOf(dims);
  if (fixed.length === declared.length && sizeOf(fixed) === count) return fixed;
  // One unknown dim is what is left over.
  if (fixed.length === declared.length - 1 && count % sizeOf(fixed) === 0) return declared.map((d) => (typeof d === "number" ? d : count / sizeOf(fixed)));
  return dims;
}

function place(file: string | undefined): { file?: string } {
  return file === undefined ? {} : { file };
}
