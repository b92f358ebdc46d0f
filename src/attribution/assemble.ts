import type { NumberTensor } from "../protocol/explanation.js";
import { total, type Integral } from "./integral.js";
import type { AttributionResult } from "./plan.js";
import type { Rows } from "./rows.js";

/** How items become a result's tensors. */
export interface Shape {
  readonly rows: Rows;
  /** Dims of the units that items enumerate ("all"), else empty. */
  readonly units: readonly number[];
  /** The full dims of a name's tensor, all rows of it, as the model sees it. */
  dims(name: string): readonly number[];
  readonly complete: boolean;
}

/** Integrals of all items (rows outer, units inner) as one result. */
export function assemble(shape: Shape, integrals: readonly Integral[]): AttributionResult {
  const { rows } = shape;
  const perRow = integrals.length / rows.count;
  const names = [...(integrals[0]?.credit.keys() ?? [])];
  const collect = (pick: (i: Integral) => ReadonlyMap<string, Float64Array>): Record<string, NumberTensor> =>
    Object.fromEntries(
      names.map((name) => [
        name,
        stack(
          shape,
          name,
          integrals.map((i) => pick(i).get(name)!),
        ),
      ]),
    );
  const byRow = (pick: (i: Integral) => number): number[] => Array.from({ length: rows.count }, (_, r) => pick(integrals[r * perRow]!));
  return {
    attributions: collect((i) => i.credit),
    error: integrals.every((i) => i.error !== null) && integrals.length > 0 ? collect((i) => i.error!) : null,
    delta: shape.complete && shape.units.length === 0 ? byRow((i) => total(i.credit.values()) - (i.score - i.baselineScore)) : null,
    score: byRow((i) => i.score),
    baselineScore: byRow((i) => i.baselineScore),
    points: Math.max(...integrals.map((i) => i.points)),
    converged: integrals.every((i) => i.converged),
  };
}

/** Flattened items as [rows, ...units, ...]; where rows could not be stacked an item holds all rows and its own is cut out. */
function stack(shape: Shape, name: string, parts: readonly Float64Array[]): NumberTensor {
  const { rows, units } = shape;
  const dims = shape.dims(name);
  const behind = rows.bound.stacked || rows.count > 1 ? dims.slice(1) : dims;
  // Units are either items of their own or an axis of each item.
  const inside = parts.length === rows.count ? units : [];
  const size = [...inside, ...behind].reduce((n, d) => n * d, 1);
  const perRow = parts.length / rows.count;
  const data: number[] = [];
  parts.forEach((part, i) => {
    const row = Math.floor(i / perRow);
    const own = part.length === size ? part : part.subarray(row * size, (row + 1) * size);
    for (const v of own) data.push(v);
  });
  if (!rows.bound.stacked && rows.count === 1) return { dims: units.length === 0 ? dims : [1, ...units, ...(dims[0] === 1 ? dims.slice(1) : dims)], data };
  return { dims: [rows.count, ...units, ...behind], data };
}
