import { open } from "node:fs/promises";
import { csvCell } from "../../base/csvCell.js";
import type { TableWriter, WrittenCell, WrittenColumn } from "./tableWriter.js";

const flushCharacters = 1 << 20;

/** Writes CSV as RFC 4180 has it, with a header line and LF. What is missing is empty. */
export async function openCsvWriter(file: string, columns: readonly WrittenColumn[]): Promise<TableWriter> {
  const handle = await open(file, "w");
  let waiting = `${columns.map(({ name }) => csvCell(name)).join(",")}\n`;
  const flush = async (): Promise<void> => {
    await handle.write(waiting);
    waiting = "";
  };
  return {
    async add(cells: readonly WrittenCell[]) {
      waiting += `${cells.map((cell) => (cell === null ? "" : csvCell(String(cell)))).join(",")}\n`;
      if (waiting.length >= flushCharacters) await flush();
    },
    async finish() {
      await flush();
      await handle.sync();
      await handle.close();
    },
    abandon: () => handle.close(),
  };
}
