import { open, rename, rm } from "node:fs/promises";
import { throwIfCancelled } from "../../base/cancellation.js";
import { resumable, writeError } from "../../base/writeError.js";
import { openCsvWriter } from "../../data/writers/csvWriter.js";
import { openParquetWriter } from "../../data/writers/parquetWriter.js";
import type { TableWriter, WrittenColumn } from "../../data/writers/tableWriter.js";
import type { BatchFormat, BatchJoin, BatchPlan, BatchSummary } from "../../protocol/batch.js";
import type { ExplainContext } from "../prepare.js";
import type { BatchLine } from "./batchCells.js";
import { lineObserver } from "./observedLine.js";
import { eachLine } from "./pieceFile.js";
import { Summary } from "../../summary/summary.js";
import { summaryHead } from "./summaryHead.js";

const writers: Readonly<Record<BatchFormat, (file: string, columns: readonly WrittenColumn[]) => Promise<TableWriter>>> = {
  parquet: openParquetWriter,
  csv: openCsvWriter,
};

/** Makes one file of all pieces, in their order, and one of what was refused, each of which appears whole or not at all; adds up what the rows say together. Throws DISK_FULL. */
export async function joinPieces(plan: BatchPlan, { pieces, out, format, rejects }: BatchJoin, context: ExplainContext): Promise<BatchSummary> {
  const summary = new Summary();
  const observe = lineObserver(plan);
  const unfinished = { out: `${out}.tmp`, rejects: `${rejects}.tmp` };
  try {
    const rejected = await copyRejects(pieces, unfinished.rejects);
    const table = await writers[format](unfinished.out, plan.columns);
    try {
      for (const [i, piece] of pieces.entries()) {
        throwIfCancelled(context.signal);
        context.progress?.({ message: "Writing the result", fraction: i / pieces.length });
        for await (const text of eachLine(piece)) {
          const line = JSON.parse(text) as BatchLine;
          summary.add(observe(line));
          await table.add(line.cells);
        }
      }
    } catch (error) {
      await table.abandon();
      throw error;
    }
    await table.finish();
    if (rejected > 0) await rename(unfinished.rejects, rejects);
    else await Promise.all([unfinished.rejects, rejects].map((file) => rm(file, { force: true })));
    await rename(unfinished.out, out);
    return summary.finish(summaryHead(plan.request, plan.samples), { rejected });
  } catch (error) {
    await Promise.all(Object.values(unfinished).map((file) => rm(file, { force: true }).catch(() => undefined)));
    throw writeError(error, out, resumable);
  }
}

async function copyRejects(pieces: readonly string[], file: string): Promise<number> {
  const handle = await open(file, "w");
  let rejected = 0;
  try {
    for (const piece of pieces)
      for await (const line of eachLine(`${piece}.rejects`)) {
        await handle.write(`${line}\n`);
        rejected++;
      }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return rejected;
}
