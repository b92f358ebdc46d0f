import { ExplainError } from "../../base/diagnostic.js";
import { columnsOf, toCells, type Cells } from "../cells.js";
import { fromLines, openLines } from "../lines.js";
import type { SampleFile } from "../sampleFile.js";
import { parseJson } from "./json.js";

/** Opens JSON lines: one object (or array) a line. Columns are those of the first 100 lines. */
export async function openJsonLines(file: string): Promise<SampleFile> {
  const index = await openLines(file);
  const parse = (text: string, line: number): Cells => {
    const value = parseJson(text, file, line);
    try {
      return toCells(value);
    } catch (error) {
      throw error instanceof ExplainError ? new ExplainError(error.diagnostic.code, error.message, { ...error.diagnostic, file, line }) : error;
    }
  };
  try {
    const first = await index.read(0, 100);
    if (first.length === 0) throw new ExplainError("SAMPLES_EMPTY", "The sample file has no rows.", { file, hint: "Write one JSON object a line." });
    return fromLines(file, "jsonl", columnsOf(first.map((record) => parse(record.bytes.toString("utf8"), record.line))), index, parse);
  } catch (error) {
    await index.close();
    throw error;
  }
}
