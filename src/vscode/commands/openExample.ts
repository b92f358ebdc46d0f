import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Panels } from "../panels.js";
import type { Services } from "../services.js";
import { explainPrediction } from "./explainPrediction.js";

/**
 * "Open example": explains the first sample of a model that the extension brings along. `argument` names the example's folder and saves the question.
 * What is inside the extension is replaced with each update, so nothing is written there.
 */
export async function openExample(services: Services, panels: Panels, argument: unknown): Promise<void> {
  const folder = vscode.Uri.joinPath(services.extensionUri, "examples").fsPath;
  const names = await readdir(folder).catch((): string[] => []);
  const known = [
    { name: "diabetes", label: vscode.l10n.t("Diabetes"), detail: vscode.l10n.t("Eight measurements of a patient, two layers") },
    { name: "review-profile", label: vscode.l10n.t("Review and profile"), detail: vscode.l10n.t("A text and five numbers in one model, with an LSTM") },
    { name: "digits", label: vscode.l10n.t("Digits"), detail: vscode.l10n.t("Pictures of handwritten digits, a convolutional network") },
    { name: "story", label: vscode.l10n.t("Story"), detail: vscode.l10n.t("A story and a question about it, read by a transformer") },
    { name: "speech", label: vscode.l10n.t("Speech"), detail: vscode.l10n.t("36 ms of sound: does somebody speak? Silero's detector, with an LSTM") },
  ].filter(({ name }) => names.includes(name));
  const chosen =
    known.find(({ name }) => name === argument) ??
    (await vscode.window.showQuickPick(known, { placeHolder: vscode.l10n.t("Example to explain"), matchOnDetail: true }));
  if (chosen !== undefined) await explainPrediction(services, panels, { model: join(folder, chosen.name, "model.onnx"), rows: [0] });
}
