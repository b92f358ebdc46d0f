import { mostManyRows } from "../../protocol/manyView.js";

/**
 * `most` of the rows, spread evenly over them, in an order in which every beginning is spread over them too (their places' bits reversed: the van der Corput sequence):
 * what is shown before all are explained, or after somebody cancelled, is not of the file's first rows only.
 */
export function pickRows(rows: readonly number[], most = mostManyRows): readonly number[] {
  const count = Math.min(most, rows.length);
  const bits = Math.ceil(Math.log2(Math.max(1, count)));
  return Array.from({ length: 2 ** bits }, (_, i) => reversed(i, bits))
    .filter((place) => place < count)
    .map((place) => rows[Math.floor((place * rows.length) / count)] ?? 0);
}

function reversed(number: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result = 2 * result + ((number >> bit) & 1);
  return result;
}
