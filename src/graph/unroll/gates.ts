import { present } from "../../base/assert.js";
import type { Direction } from "./recurrent.js";

/** projected + h Rᵀ, for the rows of R that belong to the projected gates. */
export function recurrenceOf(d: Direction, h: string, added: string, weights = d.recurrence): string {
  const rows = d.b.dims(weights)[0] ?? null;
  return d.b.emit("Gemm", [d.enters(h), weights, ...(added === "" ? [] : [added])], { dtype: d.b.type(h).dtype, dims: [d.batch, rows] }, { transB: 1 });
}

/** The gates of [batch, count * hidden], each [batch, hidden]. */
export function split(d: Direction, gates: string, count: number): string[] {
  const { b } = d;
  const type = { dtype: b.type(gates).dtype, dims: [d.batch, d.hidden] };
  const parts = b.emitMany(
    "Split",
    [gates],
    Array.from({ length: count }, () => type),
    { axis: 1, num_outputs: count },
  );
  return parts.map((p) => present(p, "gate"));
}

/** Pieces of [batch, …] of the given widths. */
export function splitAt({ b, batch }: Direction, gates: string, widths: readonly number[]): string[] {
  const { dtype } = b.type(gates);
  const types = widths.map((width) => ({ dtype, dims: [batch, width] }));
  return b.emitMany("Split", [gates, b.ints(widths)], types, { axis: 1 }).map((p) => present(p, "gates"));
}

/** Elements [start, start + length) along axis 0 of a weight; cut once for all steps. */
export function cut(d: Direction, values: string, start: number, length: number): string {
  const { b, pieces } = d;
  const key = `${values}@${start}`;
  const piece =
    pieces.get(key) ??
    b.slice(
      values,
      [0],
      [start],
      [start + length],
      b.dims(values).map((dim, i) => (i === 0 ? length : dim)),
    );
  pieces.set(key, piece);
  return piece;
}
