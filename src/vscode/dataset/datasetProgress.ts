import * as vscode from "vscode";
import { paceWords, type Pace } from "../../worker/batch/pace.js";

type Progress = vscode.Progress<{ readonly message?: string; readonly increment?: number }>;

/** Runs something behind a notification that can be cancelled. */
export function withDatasetProgress<T>(title: string, run: (progress: Progress, signal: AbortSignal) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    return run(progress, stop.signal);
  });
}

/** Tells a notification what is done, and how far it is where that is known. */
export function paceReporter(progress: Progress, signal: AbortSignal): (message: string, pace?: Pace) => void {
  let shown = 0;
  return (message, pace) => {
    if (signal.aborted) return;
    const percent = pace === undefined || pace.total === null ? shown : (100 * pace.rows) / Math.max(1, pace.total);
    progress.report({ message: pace === undefined ? message : paceWords(pace), increment: Math.max(0, percent - shown) });
    shown = Math.max(shown, percent);
  };
}
