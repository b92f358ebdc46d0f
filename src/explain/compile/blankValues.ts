import { rowDims, type InputSlot } from "../../data/inputSlot.js";
import { sizeOf } from "../../tensor/tensor.js";

/** Values for every input of a model whose sizes are all fixed, to stand for a sample where there is none: only their shapes are looked at. Undefined where a size is open. */
export function blankValues(slots: readonly InputSlot[]): Readonly<Record<string, string>> | undefined {
  const values: Record<string, string> = {};
  for (const slot of slots) {
    const dims = rowDims(slot);
    if (dims?.every((d) => typeof d === "number") !== true || slot.dtype === "string") return undefined;
    // Not zeros alone: what is divided by them would be no number.
    const numbers = Array.from({ length: sizeOf(dims) }, (_, i) => (slot.dtype.startsWith("float") ? ((i % 7) + 1) / 8 : 0));
    values[slot.name] = JSON.stringify(dims.length === 0 ? numbers[0] : nested(numbers, dims));
  }
  return values;
}

function nested(numbers: readonly number[], [first = 1, ...rest]: readonly number[]): readonly unknown[] {
  if (rest.length === 0) return numbers;
  const size = sizeOf(rest);
  return Array.from({ length: first }, (_, i) => nested(numbers.slice(i * size, (i + 1) * size), rest));
}
