import * as vscode from "vscode";
import type { ExplanationView } from "../../protocol/viewModel.js";
import { formatScore } from "../../viewmodel/format.js";

/** The value that a single score should reach, typed; undefined when the person left. */
export async function askScore({ prediction }: ExplanationView): Promise<string | undefined> {
  const [now] = prediction.classes;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t("Smallest change: the value to reach"),
    prompt: vscode.l10n.t("The prediction is {0} now.", now === undefined ? "" : formatScore(now.score)),
    validateInput: (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? undefined : vscode.l10n.t("Write a number.")),
  });
  return typed?.trim();
}
