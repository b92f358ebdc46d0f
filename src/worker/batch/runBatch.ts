import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { ExplainError } from "../../base/diagnostic.js";
import type { BatchFormat, BatchPlan, BatchSummary } from "../../protocol/batch.js";
import type { ExplainRequest } from "../../protocol/request.js";
import type { CallOptions, WorkerClient } from "../client.js";
import { beginJournal, continueJournal, dropJournal, partsFolder, unfinishedPlan, type Journal } from "./journal.js";
import type { Pace } from "./pace.js";
import { createPace } from "./pace.js";

/** A data set to be explained. Paths are absolute. */
export interface BatchQuestion {
  readonly request: ExplainRequest;
  readonly out: string;
  readonly format: BatchFormat;
  /** What becomes of an unfinished run at this place: continued, deleted, or a reason to stop. */
  readonly unfinished: "continue" | "restart" | "refuse";
  /** Whether a result that is there may be replaced. */
  readonly overwrite: boolean;
  /** Whether pieces without one good row are no reason to stop. */
  readonly anyway: boolean;
  /** How many rows are worked on at the same time; default: one a core. */
  readonly workers?: number;
}

/** What a run that went through did. */
export interface BatchOutcome {
  readonly out: string;
  readonly rejects: string | null;
  readonly plan: BatchPlan;
  readonly summary: BatchSummary;
  /** Rows that an earlier run had done. */
  readonly resumed: number;
  readonly seconds: number;
}

/** How a caller follows and stops a run. */
export interface BatchWatch {
  readonly signal?: AbortSignal;
  progress?(message: string, pace?: Pace): void;
}

/** Where refused rows are written. */
export function rejectsFile(out: string): string {
  return `${out}.rejects.jsonl`;
}

/**
 * Explains a data set on this machine: pieces of it on several workers with one thread each, each piece written by itself, all joined in the end. Whatever ends it, what is
 * finished stays beside `out` and can be continued. Throws FILE_EXISTS, DISK_FULL, OPTION_INVALID (an unfinished run of another request), CANCELLED, and what is wrong
 * with model, request or data.
 * @param startWorker makes one more worker
 */
export async function runBatch(question: BatchQuestion, startWorker: () => WorkerClient, watch: BatchWatch = {}): Promise<BatchOutcome> {
  const { request, out, format } = question;
  const started = performance.now();
  const before = await unfinishedPlan(out);
  await checkPlace(question, before !== undefined);
  const first = startWorker();
  const workers = [first];
  const call: CallOptions = {
    ...(watch.signal === undefined ? {} : { signal: watch.signal }),
    progress: ({ message, fraction }) => watch.progress?.(fraction === undefined ? message : `${message} ${Math.round(100 * fraction)} %`),
  };
  try {
    const plan = await first.batchPlan([{ ...request, threads: 1 }], call);
    if (before !== undefined && question.unfinished === "restart") await dropJournal(out);
    const journal = before === undefined || question.unfinished === "restart" ? await beginJournal(out, plan) : await continueJournal(out, before, plan);
    try {
      const resumed = rowsOf(journal, (_, i) => journal.done.has(i));
      const left = journal.pieces.filter((_, i) => !journal.done.has(i));
      const count = Math.max(1, Math.min(question.workers ?? availableParallelism(), left.length));
      while (workers.length < count) workers.push(startWorker());
      await explainPieces(journal, left, workers, question, watch);
      const summary = await first.batchJoin([journal.plan, { pieces: journal.pieces.map(({ file }) => file), out, format, rejects: rejectsFile(out) }], call);
      await journal.remove();
      return {
        out,
        rejects: summary.rejected > 0 ? rejectsFile(out) : null,
        plan: journal.plan,
        summary,
        resumed,
        seconds: (performance.now() - started) / 1000,
      };
    } finally {
      await journal.release();
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.dispose()));
  }
}

/** Workers take the next piece as they finish one. After an error none takes another, and those that run are waited for. */
async function explainPieces(
  { plan, pieces }: Journal,
  left: Journal["pieces"],
  workers: readonly WorkerClient[],
  { anyway }: BatchQuestion,
  watch: BatchWatch,
): Promise<void> {
  const waiting = [...left];
  const pace = createPace(plan.total, pieces.reduce((sum, { count }) => sum + count, 0) - left.reduce((sum, { count }) => sum + count, 0));
  const stop = new AbortController();
  const signal = watch.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, watch.signal]);
  let failure: Error | undefined;
  const parts = workers.map(() => 0);
  const tell = (): void => watch.progress?.("Explaining", pace.now(parts.reduce((sum, rows) => sum + rows, 0)));
  tell();
  await Promise.all(
    workers.map(async (worker, w) => {
      for (let piece = waiting.shift(); piece !== undefined && !signal.aborted; piece = waiting.shift()) {
        const { count } = piece;
        try {
          const done = await worker.batchPiece([plan, piece, { anyway, threads: 1 }], {
            signal,
            progress: ({ message, fraction = 0 }) => {
              if (message !== "Explaining") return;
              parts[w] = fraction * count;
              tell();
            },
          });
          parts[w] = 0;
          pace.finished(count, done.rejected);
          tell();
        } catch (error) {
          failure ??= error instanceof Error ? error : new Error(String(error));
          stop.abort();
        }
      }
    }),
  );
  if (failure !== undefined) throw failure;
  if (signal.aborted) throw new ExplainError("CANCELLED", "Cancelled.");
}

function rowsOf({ pieces }: Journal, chosen: (piece: Journal["pieces"][number], i: number) => boolean): number {
  return pieces.filter(chosen).reduce((sum, { count }) => sum + count, 0);
}

async function checkPlace({ out, overwrite, unfinished }: BatchQuestion, begun: boolean): Promise<void> {
  if (begun && unfinished === "refuse")
    throw new ExplainError("FILE_EXISTS", `There is an unfinished run for ${basename(out)}.`, {
      file: partsFolder(out),
      hint: "Continue it with --resume, or delete what it has with --restart.",
    });
  const there = await stat(out).catch(() => undefined);
  if (there !== undefined && !overwrite && !begun)
    throw new ExplainError("FILE_EXISTS", `${basename(out)} is there already.`, { file: out, hint: "Write elsewhere, or replace it with --overwrite." });
}
