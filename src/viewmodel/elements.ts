import type { Credit, NumberTensor } from "../protocol/explanation.js";
import type { Bar } from "../protocol/viewModel.js";
import { formatValue } from "./format.js";
import { unravel } from "../tensor/unravel.js";

/** "2,0,1" of a flat position in a row-major tensor: the form in which requests name a unit. */
function elementIndex(dims: readonly number[], position: number): string {
  const index = unravel(position, dims);
  return index.length === 0 ? "0" : index.join(",");
}

const text = (value: number | string | undefined): string => (value === undefined ? "" : typeof value === "number" ? formatValue(value) : value);

/** One bar an element, in the tensor's order. JSON has null where a number is missing: that becomes NaN again. */
export function creditBars(credit: Credit, error?: NumberTensor): Bar[] {
  return credit.data.map((number: number | null, i) => {
    const deviation = error?.data[i];
    return {
      label: credit.labels?.[i] ?? `[${elementIndex(credit.dims, i)}]`,
      value: text(credit.values?.[i]),
      credit: number ?? NaN,
      ...(typeof deviation === "number" && Number.isFinite(deviation) ? { error: deviation } : {}),
    };
  });
}

/** Units of a layer as bars: label and key are the unit's index. */
export function unitBars(credit: Credit, error?: NumberTensor): Bar[] {
  return creditBars(credit, error).map((bar, i) => {
    const key = elementIndex(credit.dims, i);
    return { ...bar, label: credit.labels?.[i] ?? key, key };
  });
}
