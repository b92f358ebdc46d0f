import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Tokenizer } from "./encoded.js";
import type { InputSlot } from "./inputSlot.js";
import type { InputSource, Mapping } from "./mapping.js";
import { isNumberText } from "./number.js";
import { parseJson } from "./readers/json.js";
import { openSamples } from "./samples.js";
import type { CellValue, SampleRow } from "./sampleFile.js";
import { rowsToTensors, type InputDetail } from "./toTensors.js";

/** One input's value given as text (`--input NAME=VALUE`): a number, a JSON array, plain text for a token input, or `@FILE`. The result has one row. */
export async function parseValue(text: string, slot: InputSlot, tokenizer?: Tokenizer, folder = "."): Promise<{ tensor: Tensor; detail: InputDetail }> {
  const cell = text.startsWith("@") ? await readValueFile(resolve(folder, text.slice(1)), slot) : parseCell(text, slot);
  const source: InputSource = {
    kind: typeof cell === "string" && slot.role === "tokens" ? "text" : "cell",
    columns: [slot.name],
    ...(slot.features === undefined ? {} : { features: slot.features }),
  };
  const mapping: Mapping = { inputs: { [slot.name]: source }, ignored: [], words: () => [] };
  const row: SampleRow = { row: 0, cells: { [slot.name]: cell } };
  const { tensors, details } = await rowsToTensors([row], mapping, [slot], tokenizer);
  const tensor = tensors[slot.name];
  const detail = details[slot.name]?.[0];
  if (tensor === undefined || detail === undefined) throw new ExplainError("INPUT_INVALID", `The value of "${slot.name}" could not be read.`);
  return { tensor, detail };
}

/** A value as typed: JSON where it is JSON, a list of numbers with commas or spaces, else the text itself. */
function parseCell(text: string, slot: InputSlot): CellValue {
  const trimmed = text.trim();
  if (trimmed === "" && slot.dtype !== "string")
    throw new ExplainError("INPUT_INVALID", `The value of "${slot.name}" is empty.`, { hint: `Write --input ${slot.name}=VALUE.` });
  if (/^\[.*\]$/s.test(trimmed)) {
    try {
      return JSON.parse(trimmed) as CellValue;
    } catch {
      // Text for a token input may stand in brackets; anything else should have been JSON.
      if (slot.role !== "tokens" && slot.dtype !== "string")
        throw new ExplainError("INPUT_INVALID", `The value of "${slot.name}" is not a JSON array: ${trimmed.slice(0, 60)}`, {
          hint: "Write numbers as [1, 2.5, 3].",
        });
    }
  }
  if (slot.role === "tokens" || slot.dtype === "string") return text;
  const parts = trimmed.split(/[\s,;]+/);
  if (parts.length > 1 && parts.every(isNumberText)) return parts.map(Number);
  if (isNumberText(trimmed)) return Number(trimmed);
  if (/^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === "true";
  throw new ExplainError("INPUT_INVALID", `The value of "${slot.name}" is not a number or a JSON array: ${trimmed.slice(0, 60)}`, {
    hint: "Write a number, [1, 2.5, 3], or @FILE.",
  });
}

/** The value in a file: a JSON value or the text of a .txt file as it stands, else the first row of a sample file. */
async function readValueFile(file: string, slot: InputSlot): Promise<CellValue> {
  const suffix = extname(file).toLowerCase();
  if (suffix === ".txt" || suffix === ".json") {
    const text = await readFile(file, "utf8").catch(() => {
      throw new ExplainError("FILE_NOT_FOUND", `The file with the value of "${slot.name}" does not exist or can't be read.`, { file });
    });
    if (suffix === ".txt") return slot.role === "tokens" || slot.dtype === "string" ? text.trimEnd() : parseCell(text, slot);
    const value = parseJson(text, file);
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
