import { open } from "node:fs/promises";
import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { TableWriter, WrittenCell, WrittenColumn } from "./tableWriter.js";

/** Cells of one row group: what is in memory at once. */
const cellsOfGroup = 2 ** 20;
const mostRows = 2 ** 16;

const types: Readonly<Record<WrittenColumn["kind"], Pick<SchemaElement, "type" | "converted_type">>> = {
  integer: { type: "INT64" },
  number: { type: "FLOAT" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  json: { type: "BYTE_ARRAY", converted_type: "JSON" },
};

/** Writes Parquet (Snappy), a row group at a time. The same rows give the same bytes. */
export async function openParquetWriter(file: string, columns: readonly WrittenColumn[]): Promise<TableWriter> {
  const handle = await open(file, "w");
  const bytes = new ByteWriter();
  const flush = async (): Promise<void> => {
    let from = 0;
    while (from < bytes.index) from += (await handle.write(new Uint8Array(bytes.buffer, from, bytes.index - from))).bytesWritten;
    bytes.index = 0;
  };
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: "root", num_children: columns.length },
      ...columns.map(({ name, kind }): SchemaElement => ({ name, ...types[kind], repetition_type: "OPTIONAL" })),
    ],
    createdBy: "Explain Prediction",
  });
  const groupRows = Math.max(1, Math.min(mostRows, Math.floor(cellsOfGroup / Math.max(1, columns.length))));
  let rows: (readonly WrittenCell[])[] = [];
  const group = async (): Promise<void> => {
    if (rows.length === 0) return;
    const columnData = columns.map(({ name, kind }, c) => ({
      name,
      data: rows.map((row) => {
        const cell = row[c] ?? null;
        if (cell === null) return null;
        // Text is given as it is, JSON as the value that it is the text of.
        return kind === "integer" ? BigInt(cell) : kind === "json" ? (JSON.parse(String(cell)) as unknown) : cell;
      }),
    }));
    await writer.write({ columnData, rowGroupSize: rows.length });
    rows = [];
    await flush();
  };
  return {
    async add(cells) {
      rows.push(cells);
      if (rows.length >= groupRows) await group();
    },
    async finish() {
      await group();
      await writer.finish();
      await flush();
      await handle.sync();
      await handle.close();
    },
    abandon: () => handle.close(),
  };
}
