import { basename, dirname, extname, join } from "node:path";
import * as vscode from "vscode";
import { renderReport } from "../charts/report.js";
import type { Explanation } from "../protocol/explanation.js";
import type { ExplanationView } from "../protocol/viewModel.js";
import { creditsCsv } from "./creditsCsv.js";
import { noticeText } from "./noticeText.js";
import { saveFile } from "./saveFile.js";

export type ExportFormat = "html" | "json" | "csv";

const names: Readonly<Record<ExportFormat, string>> = { html: "HTML", json: "JSON", csv: "CSV" };

/** Asks where to, and writes what the panel shows: as a page with its charts, as the engine's full answer, or as one line a feature. */
export async function exportExplanation(format: ExportFormat, view: ExplanationView, explanation: Explanation): Promise<void> {
  const { model } = explanation.request;
  const proposal = join(dirname(model), `${basename(model, extname(model))}-row-${view.row}.${format}`);
  await saveText(format, proposal, render(format, view, explanation));
}

/** Asks where to, writes a text there, and offers to open it. */
export async function saveText(format: ExportFormat, proposal: string, text: string): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(proposal),
    filters: { [names[format]]: [format] },
    title: vscode.l10n.t("Save the explanation"),
  });
  if (target === undefined) return;
  if (!(await saveFile(target, text))) return;
  const open = vscode.l10n.t("Open");
  if ((await vscode.window.showInformationMessage(noticeText(vscode.l10n.t("Saved {0}.", basename(target.fsPath))), open)) !== open) return;
  if (format === "html") await vscode.env.openExternal(target);
  else await vscode.window.showTextDocument(target);
}

function render(format: ExportFormat, view: ExplanationView, explanation: Explanation): string {
  switch (format) {
    case "html":
      return renderReport(view);
    case "json":
      return `${JSON.stringify(explanation, null, 2)}\n`;
    case "csv":
      return creditsCsv(explanation);
  }
}
