import { basename } from "node:path";
import * as vscode from "vscode";
import { formatDiagnostic, toDiagnostic } from "../../base/diagnostic.js";
import { paceWords } from "../../worker/batch/pace.js";
import { runBatch, type BatchOutcome, type BatchQuestion } from "../../worker/batch/runBatch.js";
import type { WorkerClient } from "../../worker/client.js";
import type { Services } from "../services.js";
import { noticeText } from "../noticeText.js";

/** How a run ended. */
export type DatasetEnd = { readonly kind: "done"; readonly outcome: BatchOutcome } | { readonly kind: "cancelled" | "failed"; readonly again: boolean };

/** Explains a data set behind a notification with progress, rate, time left and a way to cancel. Says how it failed, and offers to go on with what is finished. */
export async function runDataset(question: BatchQuestion, startWorker: () => WorkerClient, { log }: Services): Promise<DatasetEnd> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Explaining {0}", basename(question.request.samples ?? "")),
    cancellable: true,
  };
  const stop = new AbortController();
  try {
    const outcome = await vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      return runBatch(question, startWorker, {
        signal: stop.signal,
        progress: (message, pace) => {
          if (stop.signal.aborted) return;
          const percent = pace === undefined ? shown : (100 * pace.rows) / Math.max(1, pace.total);
          progress.report({ message: pace === undefined ? message : paceWords(pace), increment: Math.max(0, percent - shown) });
          shown = Math.max(shown, percent);
        },
      });
    });
    return { kind: "done", outcome };
  } catch (error) {
    const diagnostic = toDiagnostic(error);
    const goOn = vscode.l10n.t("Continue");
    if (diagnostic.code === "CANCELLED") {
      const answer = await vscode.window.showInformationMessage(vscode.l10n.t("Cancelled. The rows that are explained are kept."), goOn);
      return { kind: "cancelled", again: answer === goOn };
    }
    log.error(`${question.request.model}: ${formatDiagnostic(diagnostic)}`);
    const resumable = diagnostic.code === "DISK_FULL" || diagnostic.code === "WORKER_DIED";
    const answer = await vscode.window.showErrorMessage(noticeText(formatDiagnostic(diagnostic)), ...(resumable ? [goOn] : []));
    return { kind: "failed", again: answer === goOn };
  }
}
