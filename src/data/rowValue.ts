import { ExplainError } from "../base/diagnostic.js";
import { isMissing } from "./columns.js";
import type { InputSlot } from "./inputSlot.js";
import type { InputSource } from "./mapping.js";
import { isNumberText, isTruthText } from "./number.js";
import type { CellValue, SampleRow } from "./sampleFile.js";

/** One row's value of one input, flat and row-major. */
export interface RowValue {
  readonly dims: readonly number[];
  readonly data: readonly (number | string)[];
  /** As people read it: a category's word instead of its number. */
  readonly shown: readonly (number | string)[];
  readonly labels?: readonly string[];
}

/** How a missing value is shown where the model takes it: JSON has no number for it. */
export const missingShown = "NaN";

/** Reads an input's value out of a row. Throws VALUE_NOT_A_NUMBER, INPUT_INVALID or COLUMN_MISSING with the place in the file. */
export function readCell(row: SampleRow, source: InputSource, slot: InputSlot, file?: string): RowValue {
  const data: (number | string)[] = [];
  const shown: (number | string)[] = [];
  const visit = (cell: CellValue, column: string): void => {
    if (slot.missing === true && isMissingNumber(cell)) {
      data.push(NaN);
      shown.push(missingShown);
      return;
    }
    const value = slot.dtype === "string" ? toText(cell) : toNumber(cell, column, source, row, file);
    data.push(value);
    shown.push(slot.dtype !== "string" && typeof cell === "string" && !isNumberText(cell) ? cell : value);
  };
  if (source.kind === "columns") {
    for (const column of source.columns) visit(plain(cellOf(row, column, file), column, row, file), column);
    return { dims: [data.length], data, shown, ...(source.features === undefined ? {} : { labels: source.features }) };
  }
  const column = source.columns[0] ?? "";
  const cell = unpack(cellOf(row, column, file));
  const dims = shapeOf(cell, column, row, file);
  const flatten = (item: CellValue): void => {
    if (Array.isArray(item)) item.forEach(flatten);
    // A list of given values has no columns; words of a category go by the feature's name.
    else visit(item, source.features?.[data.length] ?? column);
  };
  flatten(cell);
  return { dims, data, shown, ...(source.features?.length === data.length ? { labels: source.features } : {}) };
}

export function cellOf(row: SampleRow, column: string, file: string | undefined): CellValue {
  const cell = row.cells[column];
  if (cell === undefined)
    throw new ExplainError("COLUMN_MISSING", `Row ${row.row} has no column "${column}".`, {
      ...placeOf(row, file),
      hint: "Every row needs the columns the model takes.",
    });
  return cell;
}

/** A CSV cell can hold a list as JSON text. */
export function unpack(cell: CellValue): CellValue {
  if (typeof cell !== "string" || !/^\s*\[/.test(cell)) return cell;
  try {
    return JSON.parse(cell) as CellValue;
  } catch {
    return cell;
  }
}

function plain(cell: CellValue, column: string, row: SampleRow, file: string | undefined): CellValue {
  if (!Array.isArray(cell)) return cell;
  throw new ExplainError("INPUT_INVALID", `Row ${row.row} has a list in the column "${column}", where one number belongs.`, { ...placeOf(row, file) });
}

function shapeOf(cell: CellValue, column: string, row: SampleRow, file: string | undefined): number[] {
  if (!Array.isArray(cell)) return [];
  const inner = cell.map((item: CellValue) => shapeOf(item, column, row, file));
  const first = inner[0] ?? [];
  if (inner.some((dims) => dims.length !== first.length || dims.some((d, i) => d !== first[i])))
    throw new ExplainError("INPUT_INVALID", `Row ${row.row} has lists of different lengths in the column "${column}".`, {
      ...placeOf(row, file),
      hint: "Nested lists must form a full array.",
    });
  return [cell.length, ...first];
}

function toText(cell: CellValue): string {
  return cell === null ? "" : String(cell);
}

/** Whether a cell holds no number, or the one that is none. */
function isMissingNumber(cell: CellValue): boolean {
  return isMissing(cell) || (typeof cell === "number" && Number.isNaN(cell));
}

function toNumber(cell: CellValue, column: string, source: InputSource, row: SampleRow, file: string | undefined): number {
  if (isMissingNumber(cell))
    throw new ExplainError("VALUE_NOT_A_NUMBER", `Row ${row.row} has ${typeof cell === "number" ? "NaN" : "no value"} in the column "${column}".`, {
      ...placeOf(row, file),
      hint: "Fill it in as the model was trained to expect (for example with the column's mean), or choose another row.",
    });
  if (typeof cell === "number") return cell;
  if (typeof cell === "boolean") return cell ? 1 : 0;
  const text = String(cell).trim();
  const category = source.categories?.[column]?.indexOf(text) ?? -1;
  if (category >= 0) return category;
  if (isNumberText(text)) return Number(text);
  if (isTruthText(text)) return text.toLowerCase() === "true" ? 1 : 0;
  throw new ExplainError("VALUE_NOT_A_NUMBER", `Row ${row.row} has "${text.slice(0, 40)}" in the column "${column}", which takes numbers.`, {
    ...placeOf(row, file),
    hint: 'Correct the value, choose another row, or list the words in the sidecar\'s "categories".',
  });
}

export function placeOf(row: SampleRow, file: string | undefined): { file?: string; line?: number } {
  return { ...(file === undefined ? {} : { file }), ...(row.line === undefined ? {} : { line: row.line }) };
}
