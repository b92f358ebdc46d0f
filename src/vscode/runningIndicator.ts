import * as vscode from "vscode";
import type { PanelState } from "../protocol/viewModel.js";
import { noticeText } from "./noticeText.js";

/** Work that ends sooner shows no notification: it would only flash. */
const patienceMilliseconds = 700;

/**
 * Shows work in progress outside the panel: in the status bar at once, and as a notification that can cancel it once it has lasted a while.
 * Both end when the state says that nothing runs any more.
 */
export class RunningIndicator implements vscode.Disposable {
  readonly #status: vscode.StatusBarItem;
  #timer: NodeJS.Timeout | undefined;
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
    const percent = state.fraction === undefined ? "" : ` ${Math.round(state.fraction * 100)} %`;
    this.#status.text = `$(sync~spin) ${state.message}${percent}`;
    this.#status.show();
    this.#notification?.report(state);
    this.#timer ??= setTimeout(() => this.#notify(state), patienceMilliseconds);
  }

  dispose(): void {
    this.#end();
    this.#status.dispose();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#notification?.end();
    this.#notification = undefined;
    this.#status.hide();
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
