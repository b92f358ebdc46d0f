import { basename } from "node:path";
import * as vscode from "vscode";
import { runBatch, type BatchQuestion } from "../../worker/batch/runBatch.js";
import type { WorkerClient } from "../../worker/client.js";
import type { Services } from "../services.js";
import { sayEnd, type DatasetEnd } from "./datasetEnd.js";
import { paceReporter, withDatasetProgress } from "./datasetProgress.js";

/** Explains a data set on this machine behind a notification with progress, rate, time left and a way to cancel. */
export async function runDataset(question: BatchQuestion, startWorker: () => WorkerClient, services: Services): Promise<DatasetEnd> {
  const { model, samples = "" } = question.request;
  try {
    const { out, rejects, summary } = await withDatasetProgress(vscode.l10n.t("Explaining {0}", basename(samples)), (progress, signal) =>
      runBatch(question, startWorker, { signal, progress: paceReporter(progress, signal) }),
    );
    return { kind: "done", result: { out, rejects, summary, rows: summary.rows } };
  } catch (error) {
    return sayEnd(
      error,
      {
        model,
        cancelled: vscode.l10n.t("Cancelled. The rows that are explained are kept."),
        resumable: new Set(["DISK_FULL", "OUT_OF_MEMORY", "WORKER_DIED"]),
      },
      services,
    );
  }
}
