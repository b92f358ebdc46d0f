import type { Credit, NumberTensor } from "../protocol/explanation.js";
import type { Bar } from "../protocol/viewModel.js";
import { formatValue } from "./format.js";
import { rank } from "./rank.js";
import { unravel } from "../tensor/unravel.js";

/** "2,0,1" of a flat position in a row-major tensor: the form in which requests name a unit. */
function elementIndex(dims: readonly number[], position: number): string {
  const index = unravel(position, dims);
  return index.length === 0 ? "0" : index.join(",");
}

const text = (value: number | string | undefined): string => (value === undefined ? "" : typeof value === "number" ? formatValue(value) : value);

function bar({ dims, labels, values, data }: Credit, error: NumberTensor | undefined, i: number): Bar {
  const deviation = error?.data[i];
  return {
    label: labels?.[i] ?? `[${elementIndex(dims, i)}]`,
    value: text(values?.[i]),
    // JSON has null where a number is missing: that becomes NaN again.
    credit: data[i] ?? NaN,
    ...(typeof deviation === "number" && Number.isFinite(deviation) ? { error: deviation } : {}),
  };
}

/** One bar an element, in the tensor's order. */
export function creditBars(credit: Credit, error?: NumberTensor): Bar[] {
  return credit.data.map((_, i) => bar(credit, error, i));
}

/** The bars of most credit, the largest first: of a large picture no others are written out. */
export function largestBars(credit: Credit, count: number, error?: NumberTensor): Bar[] {
  const sizes = Float64Array.from(credit.data, (x: number | null) => Math.abs(x ?? NaN)).map((x) => (Number.isNaN(x) ? -1 : x));
  const least = sizes.toSorted().at(-count) ?? -1;
  const found: Bar[] = [];
  for (const [i, size] of sizes.entries()) if (size >= least) found.push(bar(credit, error, i));
  return rank(found).slice(0, count);
}

/** Units of a layer as bars: label and key are the unit's index. */
export function unitBars(credit: Credit, error?: NumberTensor): Bar[] {
  return creditBars(credit, error).map((bar, i) => {
    const key = elementIndex(credit.dims, i);
    return { ...bar, label: credit.labels?.[i] ?? key, key };
  });
}
