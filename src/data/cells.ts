import { ExplainError } from "../base/diagnostic.js";
import type { CellValue } from "./sampleFile.js";

/** Most levels of lists or objects inside each other: tensors have few axes, and what follows visits them by recursion. */
const deepest = 64;

/** A value of more levels than any tensor has; the reader adds the place. */
export function tooDeep(place: { readonly file?: string; readonly line?: number } = {}): ExplainError {
  return new ExplainError("SAMPLES_INVALID", `Lists or objects are nested more than ${deepest} deep.`, {
    ...place,
    hint: "Write one list an axis of the input.",
  });
}

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

function put(cells: Cells, name: string, value: unknown, depth = 0): void {
  if (depth > deepest) throw tooDeep();
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    for (const [inner, item] of Object.entries(value)) put(cells, `${name}.${inner}`, item, depth + 1);
  else Object.defineProperty(cells, name, { value: toCell(value), enumerable: true, configurable: true, writable: true });
}

function toCell(value: unknown, depth = 0): CellValue {
  if (depth > deepest) throw tooDeep();
  if (Array.isArray(value)) return value.map((item) => toCell(item, depth + 1));
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** All column names, in order of appearance. */
export function columnsOf(rows: readonly Cells[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}
