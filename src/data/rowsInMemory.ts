import type { CellValue, SampleFile, SampleKind, SampleRow } from "./sampleFile.js";

/** A sample file whose records are held in memory. */
export function fromRows(file: string, kind: SampleKind, columns: readonly string[], rows: readonly Readonly<Record<string, CellValue>>[]): SampleFile {
  return fromGetter(file, kind, columns, rows.length, (row) => rows[row] ?? {});
}

/** A sample file whose records are made when they are asked for. */
export function fromGetter(
  file: string,
  kind: SampleKind,
  columns: readonly string[],
  total: number,
  cells: (row: number) => Readonly<Record<string, CellValue>>,
): SampleFile {
  const at = (row: number): SampleRow => ({ row, cells: cells(row) });
  return {
    file,
    kind,
    columns,
    count: () => Promise.resolve(total),
    rows: (from, count) => Promise.resolve(Array.from({ length: Math.max(0, Math.min(count, total - from)) }, (_, i) => at(from + i))),
    async *all() {
      for (let row = 0; row < total; row++) yield await Promise.resolve(at(row));
    },
    close: () => Promise.resolve(),
  };
}
