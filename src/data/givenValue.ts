import { basename, extname } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import { readText } from "../base/readText.js";
import { countElements } from "./columns.js";
import { rowWidth, type InputSlot } from "./inputSlot.js";
import { mediaKind } from "./media/mediaKind.js";
import { isNumberText, isTruthText } from "./number.js";
import { parseJson } from "./readers/json.js";
import { openSamples } from "./samples.js";
import type { CellValue } from "./sampleFile.js";

/** One input's value as a person gives it (`--input NAME=VALUE`), as a cell of a sample; `path` for a picture or sound. */
export interface GivenCell {
  readonly cell: CellValue;
  readonly path?: string;
}

/** Reads a number, a list (as JSON, or with commas or spaces), a text, or `@FILE` with an absolute path. Throws INPUT_INVALID, FILE_NOT_FOUND and what the file's reader throws. */
export async function givenCell(text: string, slot: InputSlot): Promise<GivenCell> {
  if (!text.startsWith("@")) return { cell: counted(cellOfText(text, slot), slot) };
  const file = text.slice(1);
  if (mediaKind(file) !== null) return { cell: basename(file), path: file };
  return { cell: counted(await cellOfFile(file, slot), slot) };
}

function cellOfText(text: string, slot: InputSlot): CellValue {
  const trimmed = text.trim();
  const takesText = slot.role === "tokens" || slot.dtype === "string";
  if (trimmed === "" && !takesText)
    throw new ExplainError("INPUT_INVALID", `The value of the input "${slot.name}" is empty.`, { hint: `Write --input ${slot.name}=VALUE.` });
  if (/^[[{]/.test(trimmed)) {
    try {
      const value: unknown = JSON.parse(trimmed);
      if (Array.isArray(value)) return value as CellValue;
    } catch {
      // A text may stand in brackets; anything else should have been JSON.
      if (!takesText)
        throw new ExplainError("INPUT_INVALID", `The value of the input "${slot.name}" is not valid JSON: ${shorten(text)}.`, {
          hint: "Write numbers in brackets, separated by commas: [1, 2.5, 3].",
        });
    }
  }
  if (takesText) return text;
  const parts = trimmed.split(/[\s,;]+/);
  if (parts.length > 1 && parts.every(isNumberText)) return parts.map(Number);
  if (isTruthText(trimmed)) return trimmed.toLowerCase() === "true";
  return isNumberText(trimmed) ? Number(trimmed) : trimmed;
}

/** The value in a file: a JSON value or the text of a .txt file as it stands, else the first row of a sample file: its column of the input's name, its only column, or all its numbers. */
async function cellOfFile(file: string, slot: InputSlot): Promise<CellValue> {
  const suffix = extname(file).toLowerCase();
  if (suffix === ".txt" || suffix === ".json") {
    const text = await readText(file);
    if (text === undefined)
      throw new ExplainError("FILE_NOT_FOUND", `The file with the value of the input "${slot.name}" does not exist or can't be read.`, { file });
    if (suffix === ".txt") return cellOfText(text.replace(/^\uFEFF/, "").trimEnd(), slot);
    const value = parseJson(text.replace(/^\uFEFF/, ""), file);
    if (Array.isArray(value) || typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value as CellValue;
  }
  const samples = await openSamples(file);
  try {
    const [row] = await samples.rows(0, 1);
    const cells = Object.entries(row?.cells ?? {});
    const named = cells.find(([name]) => name === slot.name) ?? (cells.length === 1 ? cells[0] : undefined);
    return named === undefined ? cells.map(([, cell]) => cell) : named[1];
  } finally {
    await samples.close();
  }
}

function counted(cell: CellValue, slot: InputSlot): CellValue {
  const width = rowWidth(slot);
  const count = countElements(cell);
  if (width !== null && count !== width && slot.role !== "tokens")
    throw new ExplainError(
      "INPUT_INVALID",
      `The input "${slot.name}" takes ${width} number${width === 1 ? "" : "s"}, but ${count} ${count === 1 ? "was" : "were"} given.`,
      { hint: `Give them as a JSON list: --input ${slot.name}=[…].` },
    );
  return cell;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
