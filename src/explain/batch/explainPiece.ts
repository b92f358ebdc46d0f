import { throwIfCancelled } from "../../base/cancellation.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { SampleRow } from "../../data/samples.js";
import type { BatchPiece, BatchPieceDone, BatchPlan } from "../../protocol/batch.js";
import type { Result } from "../../protocol/explanation.js";
import { explainPrepared } from "../explain.js";
import { prepare, type ExplainContext } from "../prepare.js";
import { prepareRows } from "../sampleRows.js";
import { cellsOf, valuesOf, type BatchCell, type BatchLine } from "./batchCells.js";
import type { OpenDataset } from "./openDataset.js";
import { writePiece } from "./pieceFile.js";
import { eachGood, rejectOf, type Reject } from "../../base/rowFailure.js";

/** Rejected pieces of at least this many rows mean that the file goes on in another form. */
const fewestOfOtherForm = 64;

/**
 * Explains the rows of a piece and writes them to its file, which appears whole or not at all; before it, beside it, what was refused. Rows are read one with the other,
 * so that one bad row costs no more than looking for it. Throws SAMPLES_INVALID where all rows of a large piece are bad, unless they may be (`anyway`).
 */
export async function explainPiece(
  plan: BatchPlan,
  { from, count, file }: BatchPiece,
  { opened, setting, samples }: OpenDataset,
  { anyway, threads }: { readonly anyway: boolean; readonly threads: number },
  context: ExplainContext,
): Promise<BatchPieceDone> {
  const request = { ...plan.asked, threads };
  const rejects: Reject[] = [];
  const good: number[] = [];
  const refuse = (row: number, error: ExplainError): void => void rejects.push(rejectOf(row, error));
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  const kept = new Map<number, SampleRow>();
  await samples.readPiece(from, count);
  await eachGood(
    numbers,
    async (rows) => {
      throwIfCancelled(context.signal);
      await prepareRows(setting, { ...request, rows }, samples);
      for (const row of await samples.rows(rows[0] ?? 0, rows.length)) kept.set(row.row, row);
      good.push(...rows);
    },
    refuse,
  );
  if (good.length === 0 && count >= fewestOfOtherForm && !anyway) throw otherForm(plan, from, count, rejects);

  const lines: { readonly row: number; readonly text: string }[] = [];
  const cell = (row: SampleRow | undefined, column: string | null): BatchCell => textOf(column === null ? null : (row?.cells[column] ?? null));
  const take = (result: Result): void => {
    const row = kept.get(result.row);
    const cells = cellsOf(plan, result, { id: cell(row, plan.id), label: cell(row, plan.label) });
    if (cells === undefined)
      return refuse(result.row, new ExplainError("INPUT_INVALID", "Its credits have another number of elements than those of the rows before.", place(row)));
    if (!finite(result)) return refuse(result.row, new ExplainError("NOT_FINITE", "The model or its credits give NaN or infinity for this row.", place(row)));
    const { right } = result.prediction.truth ?? {};
    const line: BatchLine = {
      cells,
      ...(right === undefined ? {} : { right }),
      ...(result.row % plan.stride === 0 ? { values: valuesOf(plan, result) } : {}),
    };
    lines.push({ row: result.row, text: JSON.stringify(line) });
  };
  await eachGood(
    good.sort((a, b) => a - b),
    async (rows) => {
      const asked = { ...request, rows };
      const explanation = await explainPrepared(asked, await prepare(asked, opened, context, { setting, samples }), context);
      explanation.results.forEach(take);
    },
    refuse,
  );
  const inOrder = <T extends { readonly row: number }>(list: T[]): T[] => list.sort((a, b) => a.row - b.row);
  // The rejects come first: once a piece's file is there, all of the piece is.
  await writePiece(
    `${file}.rejects`,
    inOrder(rejects).map((reject) => JSON.stringify(reject)),
  );
  await writePiece(
    file,
    inOrder(lines).map(({ text }) => text),
  );
  return { rows: lines.length, rejected: rejects.length };
}

function otherForm({ samples: file, total }: BatchPlan, from: number, count: number, rejects: readonly Reject[]): ExplainError {
  const [first] = rejects;
  return new ExplainError("SAMPLES_INVALID", `All rows from ${from} to ${from + count - 1} (of ${total}) are bad, the first because: ${first?.reason ?? ""}`, {
    file,
    ...(first?.line === undefined ? {} : { line: first.line }),
    hint: "The file seems to go on in another form. What is done is kept: correct the file and start anew, or go on with --resume --keep-going, which puts such rows into the rejects file.",
  });
}

function place(row: SampleRow | undefined): { readonly line?: number } {
  return row?.line === undefined ? {} : { line: row.line };
}

function textOf(cell: SampleRow["cells"][string] | null): BatchCell {
  return cell === null ? null : typeof cell === "string" ? cell : JSON.stringify(cell);
}

function finite({ prediction, attributions, score }: Result): boolean {
  return (
    prediction.data.every(Number.isFinite) &&
    (score === null || Number.isFinite(score)) &&
    Object.values(attributions).every(({ data }) => data.every(Number.isFinite))
  );
}
