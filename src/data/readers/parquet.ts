import { open, type FileHandle } from "node:fs/promises";
import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer, type Compressors, type FileMetaData } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { ExplainError } from "../../base/diagnostic.js";
import { toCells, type Cells } from "../cells.js";
import { megabyte, overLimit } from "../../base/limits.js";
import { wholeLimit } from "../readWhole.js";
import type { SampleFile, SampleRow } from "../sampleFile.js";

const blockRows = 4096;
/** Most bytes that one page of a column may unpack to, and most values that one part of a column may have. */
const valueLimit = 1e8;

/** Opens a Parquet file; the row groups that hold the rows asked for are read. Whole numbers of 64 bits become ordinary numbers, dates become texts. Throws SAMPLES_EMPTY, SAMPLES_INVALID. */
export async function openParquet(file: string): Promise<SampleFile> {
  const handle = await open(file, "r");
  const damaged = (error: unknown): ExplainError =>
    error instanceof ExplainError
      ? error
      : new ExplainError("SAMPLES_INVALID", `The Parquet file can't be read: ${error instanceof Error ? error.message : String(error)}.`, {
          file,
          hint: "It may be cut off, encrypted or of another kind. Write it again, or as CSV.",
        });
  try {
    const buffer = await bufferOf(handle, file);
    const metadata = await parquetMetadataAsync(buffer);
    const total = checkedRows(metadata, file);
    const columns = (metadata.schema[0]?.num_children ?? 0) > 0 ? topColumns(metadata) : [];
    const rows = async (from: number, count: number): Promise<SampleRow[]> => {
      const rowEnd = Math.min(from + count, total);
      if (rowEnd <= from) return [];
      try {
        const read = await parquetReadObjects({ file: buffer, metadata, compressors: limited(file), rowStart: from, rowEnd, useOffsetIndex: true });
        return read.map((record, i) => ({ row: from + i, cells: cellsOf(record) }));
      } catch (error) {
        throw damaged(error);
      }
    };
    const [first] = await rows(0, 1);
    return {
      file,
      kind: "parquet",
      columns: first === undefined ? columns : Object.keys(first.cells),
      count: () => Promise.resolve(total),
      rows,
      async *all() {
        for (let from = 0; from < total; from += blockRows) yield* await rows(from, blockRows);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw damaged(error);
  }
}

async function bufferOf(handle: FileHandle, file: string): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const length = end - start;
      if (start < 0 || length < 0 || end > size) throw new ExplainError("SAMPLES_INVALID", "The Parquet file is cut off.", { file });
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, start);
      if (bytesRead < length) throw new ExplainError("SAMPLES_INVALID", "The Parquet file is cut off.", { file });
      return bytes.buffer;
    },
  };
}

function checkedRows(metadata: FileMetaData, file: string): number {
  const total = Number(metadata.num_rows);
  const values = Math.max(0, ...metadata.row_groups.flatMap((group) => group.columns.map(({ meta_data: meta }) => Number(meta?.num_values ?? 0))));
  if (!Number.isSafeInteger(total) || total < 0 || values > valueLimit)
    throw new ExplainError("SAMPLES_INVALID", `The Parquet file announces ${total} rows with up to ${values} values in one part; the limit is ${valueLimit}.`, {
      file,
      hint: "Write it with smaller row groups.",
    });
  if (total === 0) throw new ExplainError("SAMPLES_EMPTY", "The Parquet file has no rows.", { file, hint: "Write at least one row." });
  return total;
}

function topColumns(metadata: FileMetaData): string[] {
  return [...new Set(metadata.row_groups[0]?.columns.map(({ meta_data: meta }) => meta?.path_in_schema[0] ?? "") ?? [])];
}

/** Decompressors that refuse a page whose header asks for too much memory. */
function limited(file: string): Compressors {
  return Object.fromEntries(
    Object.entries(compressors).map(([name, unpack]) => [
      name,
      (input: Uint8Array, size: number): Uint8Array => {
        if (size > wholeLimit())
          throw overLimit("sampleMegabytes", "A page of the Parquet file unpacks to", size / megabyte, { code: "SAMPLES_INVALID", file });
        return unpack(input, size);
      },
    ]),
  );
}

function cellsOf(record: Readonly<Record<string, unknown>>): Cells {
  return toCells(Object.fromEntries(Object.entries(record).map(([name, value]) => [name, plain(value)])));
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
}
