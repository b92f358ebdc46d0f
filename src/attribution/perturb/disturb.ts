import { ExplainError } from "../../base/diagnostic.js";
import type { AttributionRequest } from "../../protocol/request.js";
import { sizeOf, type Tensor } from "../../tensor/tensor.js";

/** How far an element of an input is moved: `spread(input, row, element)`, in the input's units. */
export type Spread = (name: string, value: Tensor, row: number, element: number) => number;

/**
 * Reads how much noise is asked for: one number for all inputs, or by input a number or one for each element. Without it, `share` of what is usual for the input:
 * of the range of the row's values where they are of one kind (images, signals; SmoothGrad's noise level), of each feature's own size where they are columns.
 * Throws OPTION_INVALID.
 */
export function readSpread({ options = {} }: AttributionRequest, option: string, share: number): Spread {
  const given = options[option];
  const usual = usualSpread(share);
  if (given === undefined) return usual;
  if (isSpread(given)) return () => given;
  const table = typeof given === "object" && given !== null ? Object.entries(given as Readonly<Record<string, unknown>>) : [];
  const numbers = new Map<string, readonly number[]>();
  for (const [name, value] of table) {
    const list: readonly unknown[] = Array.isArray(value) ? value.flat(Infinity) : [value];
    const valid = list.filter(isSpread);
    if (valid.length > 0 && valid.length === list.length) numbers.set(name, valid);
  }
  if (numbers.size === 0 || numbers.size !== table.length)
    throw new ExplainError(
      "OPTION_INVALID",
      `The option "${option}" should be a number from 0, or by input a number or one for each element, not ${JSON.stringify(given)}.`,
      {
        hint: `For example ${option}=0.1, or ${option}={"measurements": [1, 20, 5]}.`,
      },
    );
  return (name, value, row, element) => {
    const list = numbers.get(name);
    return list === undefined ? usual(name, value, row, element) : list[element % list.length]!;
  };
}

/**
 * The inputs with every number of the credited float inputs moved by its spread times a random number; everything else as it is.
 * Throws OPTION_INVALID when no input can be moved.
 */
export function disturbed(request: AttributionRequest, spread: Spread, random: () => number): Readonly<Record<string, Tensor>> {
  const fixed = new Set(request.fixed ?? []);
  const moved = Object.entries(request.inputs).filter(([name, t]) => !fixed.has(name) && isMovable(t));
  if (moved.length === 0)
    throw new ExplainError("OPTION_INVALID", "Noise needs an input of numbers that is not fixed; ids and flags have nothing between their values.", {
      hint: "Leave the noise out, or explain a layer behind the look-up with another method.",
    });
  return { ...request.inputs, ...Object.fromEntries(moved.map(([name, t]) => [name, shifted(name, t, spread, random)])) };
}

function shifted(name: string, t: Tensor, spread: Spread, random: () => number): Tensor {
  if (!(t.data instanceof Float32Array || t.data instanceof Float64Array)) return t;
  const rows = t.dims[0] ?? 1;
  const size = rows === 0 ? 1 : t.data.length / rows;
  const data = t.data.slice();
  for (let i = 0; i < data.length; i++) data[i] = data[i]! + random() * spread(name, t, Math.floor(i / size), i % size);
  return { ...t, data };
}

function isMovable({ dtype }: Tensor): boolean {
  return dtype === "float32" || dtype === "float64";
}

function isSpread(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** A share of the range of a row's values, or of each value's size where the input has a single axis of features. */
function usualSpread(share: number): Spread {
  const known = new WeakMap<Tensor, Float64Array>();
  return (_, t, row, element) => {
    if (t.dims.length <= 2) return share * Math.abs(Number(t.data[row * sizeOf(t.dims.slice(1)) + element]));
    let ranges = known.get(t);
    if (ranges === undefined) {
      ranges = rangesOf(t);
      known.set(t, ranges);
    }
    return share * ranges[row]!;
  };
}

/** The range of each row's values; their size where all are the same. */
export function rangesOf(t: Tensor): Float64Array {
  const rows = t.dims[0] ?? 1;
  const size = t.data.length / Math.max(1, rows);
  return Float64Array.from({ length: rows }, (_, r) => {
    let [least, most] = [Infinity, -Infinity];
    for (let i = r * size; i < (r + 1) * size; i++) {
      least = Math.min(least, Number(t.data[i]));
      most = Math.max(most, Number(t.data[i]));
    }
    return most > least ? most - least : Math.abs(most) || 1;
  });
}
