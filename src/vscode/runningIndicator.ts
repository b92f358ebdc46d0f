import * as vscode from "vscode";
import type { PanelState } from "../protocol/viewModel.js";
import { noticeText } from "./noticeText.js";

/** Work that ends sooner is not told of: it would only flash, and a spinning icon takes time from what it is waiting for. */
const statusMilliseconds = 150;
const notificationMilliseconds = 700;

/**
 * Shows work in progress outside the panel: in the status bar, and as a notification that can cancel it once it has lasted a while.
 * Both end when the state says that nothing runs any more.
 */
export class RunningIndicator implements vscode.Disposable {
  readonly #status: vscode.StatusBarItem;
  #latest: PanelState | undefined;
  #timers: readonly NodeJS.Timeout[] = [];
  #isShown = false;
  #notification: { report(state: PanelState): void; end(): void } | undefined;

  constructor(
    private readonly title: string,
    private readonly cancel: () => void,
    cancelCommand: vscode.Command,
  ) {
    this.#status = vscode.window.createStatusBarItem("explainPrediction.running", vscode.StatusBarAlignment.Left, 0);
    this.#status.name = vscode.l10n.t("Explain Prediction");
    this.#status.command = cancelCommand;
    this.#status.tooltip = vscode.l10n.t("Click to cancel");
  }

  show(state: PanelState): void {
    if (state.phase !== "running") {
      this.#end();
      return;
    }
    this.#latest = state;
    if (this.#isShown) this.#tell(state);
    this.#notification?.report(state);
    if (this.#timers.length > 0) return;
    this.#timers = [
      setTimeout(() => {
        this.#isShown = true;
        this.#tell(this.#latest ?? state);
        this.#status.show();
      }, statusMilliseconds),
      setTimeout(() => this.#notify(this.#latest ?? state), notificationMilliseconds),
    ];
  }

  dispose(): void {
    this.#end();
    this.#status.dispose();
  }

  #end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#isShown = false;
    this.#notification?.end();
    this.#notification = undefined;
    this.#status.hide();
  }

  #tell({ message, fraction }: PanelState): void {
    this.#status.text = `$(sync~spin) ${message}${fraction === undefined ? "" : ` ${Math.round(fraction * 100)} %`}`;
  }

  #notify(first: PanelState): void {
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: noticeText(this.title), cancellable: true }, (progress, token) => {
      let done = 0;
      token.onCancellationRequested(() => this.cancel());
      return new Promise<void>((resolve) => {
        const report = ({ message, fraction }: PanelState): void => {
          const percent = (fraction ?? 0) * 100;
          progress.report({ message: noticeText(message), ...(percent > done ? { increment: percent - done } : {}) });
          done = Math.max(done, percent);
        };
        this.#notification = { report, end: resolve };
        report(first);
      });
    });
  }
}
