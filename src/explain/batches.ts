import type { Tensor } from "../tensor/tensor.js";
import { shapeKey } from "./rowTensors.js";

/** More rows than this are run in several requests, so that progress is told and memory stays bounded. */
const mostRows = 512;

/**
 * Rows that may run together, as positions: equal shapes only, so that padding never changes a result. With `together` false every row runs alone, else at most `most` together.
 * Order within a batch follows the rows'.
 */
export function batches(
  rows: readonly { readonly feeds: Readonly<Record<string, Tensor>> }[],
  together: boolean,
  most = mostRows,
): readonly (readonly number[])[] {
  if (!together) return rows.map((_, i) => [i]);
  const groups = new Map<string, number[]>();
  rows.forEach((row, i) => {
    const key = shapeKey(row.feeds);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  });
  return [...groups.values()].flatMap((group) => Array.from({ length: Math.ceil(group.length / most) }, (_, k) => group.slice(k * most, (k + 1) * most)));
}
