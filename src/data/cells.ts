import type { CellValue } from "./sampleFile.js";

export type Cells = Record<string, CellValue>;

/** A JSON record as cells: objects inside objects become columns "outer.inner"; a list of plain values becomes columns "column 1", …; anything else is the column "value". */
export function toCells(record: unknown): Cells {
  const cells: Cells = {};
  if (Array.isArray(record) && record.length > 0 && record.every((item) => !Array.isArray(item) && (typeof item !== "object" || item === null)))
    for (const [i, item] of record.entries()) put(cells, `column ${i + 1}`, item);
  else if (typeof record === "object" && record !== null && !Array.isArray(record)) for (const [name, value] of Object.entries(record)) put(cells, name, value);
  else put(cells, typeof record === "string" ? "text" : "value", record);
  return cells;
}

function put(cells: Cells, name: string, value: unknown): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    for (const [inner, item] of Object.entries(value)) put(cells, `${name}.${inner}`, item);
  else Object.defineProperty(cells, name, { value: toCell(value), enumerable: true, configurable: true, writable: true });
}

function toCell(value: unknown): CellValue {
  if (Array.isArray(value)) return value.map(toCell);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** All column names, in order of appearance. */
export function columnsOf(rows: readonly Cells[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}
