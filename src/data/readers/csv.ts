import { open } from "node:fs/promises";
import { extname } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { ExplainError } from "../../base/diagnostic.js";
import { isNumberText } from "../number.js";
import { RecordIndex, type RawRecord } from "../recordIndex.js";
import type { SampleFile, SampleRow } from "../sampleFile.js";

const headBytes = 64 * 1024;
const blockRows = 8192;

/** Opens comma, semicolon, tab or bar separated text: delimiter, header and decimal comma are detected from the first rows; the rows asked for are found by an index and parsed alone. */
export async function openCsv(file: string): Promise<SampleFile> {
  const head = await readHead(file);
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new ExplainError("SAMPLES_INVALID", "The file is encoded as UTF-16.", { file, hint: "Save it as UTF-8." });
  if (head.includes(0))
    throw new ExplainError("SAMPLES_INVALID", "The file holds binary data, not text.", {
      file,
      hint: "Choose a CSV file, or give the file the suffix of its kind.",
    });
  const delimiter = extname(file).toLowerCase() === ".csv" ? await detectDelimiter(file, start) : "\t";
  const index = await RecordIndex.open(file, { start, delimiter: delimiter.charCodeAt(0) });
  try {
    return await describe(file, index, delimiter);
  } catch (error) {
    await index.close();
    throw error;
  }
}

async function describe(file: string, index: RecordIndex, delimiter: string): Promise<SampleFile> {
  const first = parseRecords(file, await index.read(0, 20), delimiter);
  const top = first[0];
  if (top === undefined) throw new ExplainError("SAMPLES_EMPTY", "The sample file has no rows.", { file, hint: "Give it a header line and at least one row." });
  const header = !top.some((cell) => isNumberText(cell));
  if (header && first.length === 1)
    throw new ExplainError("SAMPLES_EMPTY", "The sample file has a header line but no rows.", { file, hint: "Add at least one row." });
  const columns = uniqueNames(top.map((cell, i) => (header && cell.trim() !== "" ? cell.trim() : `column ${i + 1}`)));
  const skipped = header ? 1 : 0;
  const decimalComma = delimiter !== "," && first.some((row) => row.some((cell) => commaNumber.test(cell.trim())));

  const rows = async (from: number, count: number): Promise<SampleRow[]> => {
    const records = await index.read(from + skipped, count);
    const parsed = parseRecords(file, records, delimiter, columns.length);
    return parsed.map((cells, i) => ({
      row: from + i,
      line: records[i]?.line ?? 0,
      cells: Object.fromEntries(columns.map((name, c) => [name, decimalComma ? withPoint(cells[c] ?? "") : (cells[c] ?? "")])),
    }));
  };
  return {
    file,
    kind: "csv",
    columns,
    count: async () => (await index.count()) - skipped,
    rows,
    async *all() {
      for (let from = 0; ; from += blockRows) {
        const block = await rows(from, blockRows);
        yield* block;
        if (block.length < blockRows) return;
      }
    },
    close: () => index.close(),
  };
}

/** Each record is one row: csv-parse takes them in one text, so its line numbers are turned back into the file's. */
function parseRecords(file: string, records: readonly RawRecord[], delimiter: string, width?: number): string[][] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const texts = records.map((record) => {
    try {
      return decoder.decode(record.bytes);
    } catch {
      throw new ExplainError("SAMPLES_INVALID", `Line ${record.line} is not valid UTF-8.`, { file, line: record.line, hint: "Save the file as UTF-8." });
    }
  });
  const rows: string[][] = [];
  for (const [i, text] of texts.entries()) {
    const line = records[i]?.line ?? 1;
    const row = text.includes('"') ? parseQuoted(file, text, line, delimiter) : text.split(delimiter);
    const expected = width ?? rows[0]?.length;
    if (expected !== undefined && row.length !== expected)
      throw new ExplainError("SAMPLES_INVALID", `Line ${line} has ${row.length} field${row.length === 1 ? "" : "s"}, but the first line has ${expected}.`, {
        file,
        line,
        hint: "Every line needs the same number of fields; put fields that hold the delimiter in double quotes.",
      });
    rows.push(row);
  }
  return rows;
}

function parseQuoted(file: string, text: string, line: number, delimiter: string): string[] {
  try {
    const [row] = parse(text, { delimiter, relax_column_count: true });
    return row ?? [];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const inner = typeof error["lines"] === "number" ? error["lines"] - 1 : 0;
    throw new ExplainError("SAMPLES_INVALID", `Line ${line + inner}: a double quote is out of place.`, {
      file,
      line: line + inner,
      hint: "A field in double quotes must end with one, and a quote inside it is written twice.",
    });
  }
}

const commaNumber = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;

function withPoint(cell: string): string {
  return commaNumber.test(cell.trim()) ? cell.trim().replace(",", ".") : cell;
}

/** The delimiter that splits the first records into the most fields, all alike. */
async function detectDelimiter(file: string, start: number): Promise<string> {
  let best = { delimiter: ",", width: 1 };
  for (const delimiter of [",", ";", "\t", "|"]) {
    const index = await RecordIndex.open(file, { start, delimiter: delimiter.charCodeAt(0) });
    try {
      const widths = (await index.read(0, 20)).map((record) => countFields(record.bytes.toString("utf8"), delimiter));
      const width = widths[0] ?? 1;
      // A damaged row must not hide the delimiter: most rows have to agree with the first.
      const alike = widths.filter((w) => w === width).length / Math.max(1, widths.length);
      if (width > best.width && alike > 0.5) best = { delimiter, width };
    } finally {
      await index.close();
    }
  }
  return best.delimiter;
}

function countFields(text: string, delimiter: string): number {
  return text.replace(/"(?:[^"]|"")*"/g, "").split(delimiter).length;
}

function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let k = 2; taken.has(unique); k++) unique = `${name} (${k})`;
    taken.add(unique);
    return unique;
  });
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
