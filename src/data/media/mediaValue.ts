import { dirname } from "node:path";
import { ExplainError, type Diagnostic } from "../../base/diagnostic.js";
import { rowDims, type InputSlot } from "../inputSlot.js";
import { cellOf, placeOf, type RowValue } from "../rowValue.js";
import type { SampleRow } from "../sampleFile.js";
import type { AudioFormat } from "./audioFormat.js";
import { normalised, type ImageFormat } from "./imageFormat.js";
import { readImage } from "./readImage.js";
import { insideFolder } from "./readMedia.js";
import { readSound } from "./readSound.js";

/** One row's picture or sound as an input's value. */
export interface MediaValue {
  readonly value: RowValue;
  /** Samples a second, of a sound. */
  readonly rate?: number;
  /** A sound that was cut. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the file that a cell names. Throws FILE_NOT_FOUND, SAMPLES_INVALID or INPUT_INVALID with the place in the sample file. */
export async function mediaValue(row: SampleRow, column: string, kind: "image" | "audio", slot: InputSlot, file: string | undefined): Promise<MediaValue> {
  const path = row.paths?.[column] ?? namedFile(row, column, file);
  if (kind === "image" && slot.image !== undefined) return { value: await imageValue(path, slot.image, slot), diagnostics: [] };
  if (kind === "audio" && slot.audio !== undefined) return soundValue(path, slot.audio, slot, row);
  throw new ExplainError("INPUT_INVALID", `The input "${slot.name}" does not take ${kind === "image" ? "pictures" : "sounds"}: its shape holds none.`, {
    ...placeOf(row, file),
    hint: "Give its values as an array (.npy, or a list in JSON).",
  });
}

function namedFile(row: SampleRow, column: string, file: string | undefined): string {
  const cell = cellOf(row, column, file);
  if (typeof cell !== "string" || cell.trim() === "")
    throw new ExplainError("INPUT_INVALID", `Row ${row.row} names no file in the column "${column}".`, placeOf(row, file));
  return insideFolder(file === undefined ? "." : dirname(file), cell.trim());
}

async function imageValue(path: string, format: ImageFormat, slot: InputSlot): Promise<RowValue> {
  const { height, width, channels, data } = await readImage(path, format);
  const plane = height * width;
  const first = format.layout === "NCHW";
  const numbers = Array.from({ length: plane * channels }, (_, i) => {
    const channel = first ? Math.floor(i / plane) : i % channels;
    const pixel = first ? i % plane : Math.floor(i / channels);
    return normalised(data[pixel * channels + channel] ?? 0, channel, format);
  });
  const flat = rowDims(slot)?.length === 2;
  return { dims: flat ? [height, width] : first ? [channels, height, width] : [height, width, channels], data: numbers, shown: numbers };
}

async function soundValue(path: string, format: AudioFormat, slot: InputSlot, row: SampleRow): Promise<MediaValue> {
  const { rate, channels } = await readSound(path, format);
  const declared = rowDims(slot);
  const fixed = declared?.at(-1);
  const has = channels[0]?.length ?? 0;
  const length = typeof fixed === "number" ? fixed : (format.length ?? has);
  const numbers = channels.flatMap((samples) => Array.from({ length }, (_, i) => samples[i] ?? 0));
  const diagnostics: Diagnostic[] = [];
  if (length < has)
    diagnostics.push({
      code: "APPROXIMATION",
      severity: "warning",
      message: `The sound of row ${row.row} has ${has} samples; the model sees the first ${length}.`,
      file: path,
    });
  return {
    value: { dims: declared !== null && declared.length >= 2 ? [channels.length, length] : [length], data: numbers, shown: numbers },
    rate,
    diagnostics,
  };
}
