import { basename } from "node:path";
import * as vscode from "vscode";
import { noticeText } from "./noticeText.js";

/** Says which models were being worked on when the editor's extensions ended without notice, and what is done about it. */
export function tellOfCrashes(models: readonly string[]): void {
  const [first] = models;
  if (first === undefined) return;
  const names = models.map((model) => basename(model)).join(", ");
  const open = vscode.l10n.t("Show the Setting");
  const message = vscode.l10n.t(
    "{0} was at work when the editor's extensions ended unexpectedly. From now on it runs in a process of its own, which can end without harm to the editor.",
    names,
  );
  void vscode.window.showWarningMessage(noticeText(message), open).then(async (chosen) => {
    if (chosen === open) await vscode.commands.executeCommand("workbench.action.openSettings", "explainPrediction.isolation");
  });
}
