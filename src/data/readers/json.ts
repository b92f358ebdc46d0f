import { readFile, stat } from "node:fs/promises";
import { parse as parseTolerant, printParseErrorCode, type ParseError } from "jsonc-parser";
import { ExplainError } from "../../base/diagnostic.js";
import { limitOf, megabyte, overLimit } from "../../base/limits.js";
import { columnsOf, toCells, tooDeep } from "../cells.js";
import { placeOf } from "../place.js";
import { fromRows } from "../rowsInMemory.js";
import type { CellValue, SampleFile } from "../sampleFile.js";

/** A text of JavaScript can have no more characters than this, and neither can a JSON file, which has to be read whole. */
const longestText = 2 ** 29 - 24;

/** Opens JSON: an array of objects, an array of arrays, an object of columns, `{ columns, data }`, or one object. */
export async function openJson(file: string): Promise<SampleFile> {
  const { size } = await stat(file);
  const limit = Math.min(limitOf("sampleMegabytes") * megabyte, longestText);
  if (size > limit)
    throw overLimit("sampleMegabytes", "JSON has to be read whole, and this file has", size / megabyte, {
      code: "SAMPLES_INVALID",
      limit: limit / megabyte,
      file,
      hint: "Write it as JSON lines (.jsonl): one object a line.",
    });
  const rows = toRecords(parseJson(decode(await readFile(file), file), file), file).map((record) => toCells(record));
  if (rows.length === 0)
    throw new ExplainError("SAMPLES_EMPTY", "The sample file holds no rows.", { file, hint: "Give it an array with at least one object." });
  return fromRows(file, "json", columnsOf(rows), rows);
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ExplainError("SAMPLES_INVALID", "The file is not valid UTF-8.", { file, hint: "Save it as UTF-8." });
  }
}

/** The value of a JSON text; SAMPLES_INVALID with line and column when it is none. `firstLine` is the line of the file that the text starts on. */
export function parseJson(text: string, file: string, firstLine = 1): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const errors: ParseError[] = [];
    try {
      if (error instanceof RangeError) throw error;
      parseTolerant(text, errors, { disallowComments: true });
    } catch {
      // Both parsers go down a level by a call.
      throw tooDeep({ file, line: firstLine });
    }
    const place = placeOf(text, errors[0]?.offset ?? 0);
    const line = place.line + firstLine - 1;
    throw new ExplainError(
      "SAMPLES_INVALID",
      `The JSON is not valid at line ${line}, column ${place.column}${errors[0] === undefined ? "" : ` (${printParseErrorCode(errors[0].error)})`}.`,
      { file, line, column: place.column, hint: "NaN and Infinity are not JSON; strings need double quotes; no comma after the last item." },
    );
  }
}

function toRecords(value: unknown, file: string): unknown[] {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => typeof item === "number" || typeof item === "boolean") ? [value] : value;
  if (typeof value !== "object" || value === null)
    throw new ExplainError("SAMPLES_INVALID", `The JSON file holds a single ${value === null ? "null" : typeof value}.`, {
      file,
      hint: "Write an array of objects, one a row.",
    });
  const { columns, data } = value as { columns?: unknown; data?: unknown };
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray))
    return data.map((row: CellValue[]) => Object.fromEntries(columns.map((name, i) => [String(name), row[i] ?? null])));
  const entries = Object.entries(value);
  const length = columnarLength(entries);
  if (length === undefined) return [value];
  return Array.from({ length }, (_, i) => Object.fromEntries(entries.map(([name, column]) => [name, (column as unknown[])[i] ?? null])));
}

/** Rows of an object of columns; undefined for an object that is one row. One list of numbers alone is one row's value, not a column. */
function columnarLength(entries: readonly [string, unknown][]): number | undefined {
  const first = entries[0]?.[1];
  if (!Array.isArray(first) || first.length === 0) return undefined;
  if (entries.length === 1 && first.every((item) => typeof item === "number")) return undefined;
  return entries.every(([, column]) => Array.isArray(column) && column.length === first.length) ? first.length : undefined;
}
