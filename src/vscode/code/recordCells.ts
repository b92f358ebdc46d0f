import { parseTree, type Node } from "jsonc-parser";
import type { RecordKind } from "./recordKind.js";

/** Where one cell of a record stands in the record's text. */
export interface RecordCell {
  readonly from: number;
  readonly to: number;
  /** For each UTF-16 unit of the value, where it is written; then the end. Escapes make the two differ. */
  readonly units: readonly number[];
  /** The numbers of a list, in row-major order. */
  readonly items: readonly (readonly [number, number])[];
}

/**
 * The cells of the record that a text begins with, by column name. Undefined when it has not the columns that it should: then the text is not what was read.
 * @param text the record and what follows it: a quoted field may go on in the next line
 */
export function recordCells(kind: RecordKind, text: string, columns: readonly string[]): ReadonlyMap<string, RecordCell> | undefined {
  if (kind === "csv") return csvCells(text, columns);
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  if (kind === "jsonl") return jsonCells(line);
  return new Map(columns.slice(0, 1).map((column) => [column, plainCell(0, line.length)]));
}

const plainCell = (from: number, to: number): RecordCell => ({ from, to, units: Array.from({ length: to - from + 1 }, (_, i) => from + i), items: [] });

/** The delimiter is the one that makes as many fields as there are columns. */
function csvCells(text: string, columns: readonly string[]): ReadonlyMap<string, RecordCell> | undefined {
  for (const delimiter of [",", ";", "\t", "|"]) {
    const fields = fieldsOf(text, delimiter);
    if (fields.length === columns.length) return new Map(columns.map((column, i) => [column, fields[i] ?? plainCell(0, 0)]));
  }
  return undefined;
}

function fieldsOf(text: string, delimiter: string): RecordCell[] {
  const fields: RecordCell[] = [];
  for (let at = 0; ;) {
    const quoted = text.charAt(at) === '"';
    const field = quoted ? quotedField(text, at) : plainCell(at, endOfPlain(text, at, delimiter));
    fields.push(field);
    const end = quoted ? field.to + 1 : field.to;
    if (text.charAt(end) !== delimiter) return fields;
    at = end + 1;
  }
}

function endOfPlain(text: string, from: number, delimiter: string): number {
  let end = from;
  while (end < text.length && text.charAt(end) !== delimiter && text.charAt(end) !== "\n" && text.charAt(end) !== "\r") end++;
  return end;
}

/** Without the quotes; a doubled quote is one. */
function quotedField(text: string, open: number): RecordCell {
  const units: number[] = [];
  let at = open + 1;
  while (at < text.length) {
    if (text.charAt(at) === '"') {
      if (text.charAt(at + 1) !== '"') break;
      units.push(at);
      at += 2;
    } else units.push(at++);
  }
  return { from: open + 1, to: at, units: [...units, at], items: [] };
}

function jsonCells(line: string): ReadonlyMap<string, RecordCell> {
  const root = parseTree(line);
  const cells = new Map<string, RecordCell>();
  // A line that is no object is one value; the readers call its column "value".
  if (root !== undefined && root.type !== "object") cells.set("value", jsonCell(line, root));
  for (const property of root?.type === "object" ? (root.children ?? []) : []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined) cells.set(String(key.value), jsonCell(line, value));
  }
  return cells;
}

function jsonCell(line: string, node: Node): RecordCell {
  const end = node.offset + node.length;
  if (node.type !== "string") return { ...plainCell(node.offset, end), items: numbersIn(node) };
  const units: number[] = [];
  let at = node.offset + 1;
  while (at < end - 1) {
    units.push(at);
    at += line.charAt(at) !== "\\" ? 1 : line.charAt(at + 1) === "u" ? 6 : 2;
  }
  return { from: node.offset + 1, to: end - 1, units: [...units, end - 1], items: [] };
}

function numbersIn(node: Node): (readonly [number, number])[] {
  if (node.type !== "array") return node.type === "number" || node.type === "boolean" ? [[node.offset, node.offset + node.length]] : [];
  return (node.children ?? []).flatMap(numbersIn);
}
