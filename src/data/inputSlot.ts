import type { DeclaredDim } from "../graph/ir.js";
import type { InputRole } from "../protocol/names.js";
import type { Dtype } from "../tensor/dtype.js";
import type { Tokenizer } from "./encoded.js";
import type { AudioFormat } from "./media/audioFormat.js";
import type { ImageFormat } from "./media/imageFormat.js";
import type { CellValue } from "./sampleFile.js";

/** A graph input to be fed. */
export interface InputSlot {
  readonly name: string;
  readonly dtype: Dtype;
  /** As the model declares them; null: rank unknown. */
  readonly dims: readonly DeclaredDim[] | null;
  readonly role: InputRole;
  /** Feature names found beside the model; the sidecar's come first. */
  readonly features?: readonly string[];
  /** How a picture becomes this input; absent where its shape holds none. */
  readonly image?: ImageFormat;
  /** How a sound becomes this input; absent where its shape holds none. */
  readonly audio?: AudioFormat;
  /** How a text becomes this input, where it is not by the tokenizer of all. */
  readonly tokenizer?: Tokenizer;
  /** Whether a missing value is a value like others (NaN): what the model does with it is defined. */
  readonly missing?: boolean;
  /** The model splits its texts into words itself: each word gets credit. */
  readonly splits?: true;
  /** What it holds when no sample says so: one number for all elements, or all of them. */
  readonly value?: CellValue;
}

/** Whether rows are stacked on axis 0: it is a symbol, unknown, or 1. */
export function hasBatchAxis(slot: InputSlot): boolean {
  if (slot.dims === null) return true;
  const [first] = slot.dims;
  if (first === undefined) return false;
  // A sound without a batch axis has a length that no one fixed.
  if (slot.role === "audio" && slot.dims.length === 1) return false;
  if (slot.dims.length === 1 && typeof first === "number") return false;
  return typeof first !== "number" || first === 1;
}

/** The dims of one row's value: those behind the batch axis; null when the rank is unknown. */
export function rowDims(slot: InputSlot): readonly DeclaredDim[] | null {
  if (slot.dims === null) return null;
  return hasBatchAxis(slot) ? slot.dims.slice(1) : slot.dims;
}

/** Elements of one row's value; null where a dim is not fixed. */
export function rowWidth(slot: InputSlot): number | null {
  const dims = rowDims(slot);
  if (dims === null) return null;
  return dims.reduce<number | null>((product, d) => (product === null || typeof d !== "number" ? null : product * d), 1);
}
