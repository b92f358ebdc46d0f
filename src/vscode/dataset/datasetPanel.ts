import { existsSync } from "node:fs";
import { basename } from "node:path";
import * as vscode from "vscode";
import { renderDatasetReport } from "../../charts/datasetReport.js";
import type { BatchSummary } from "../../protocol/batch.js";
import { datasetView } from "../../viewmodel/dataset.js";
import { noticeText } from "../noticeText.js";
import { saveFile } from "../saveFile.js";

/** What is there when all rows are explained. */
export interface DatasetResult {
  /** A file, or a folder as a cluster sees it. */
  readonly out: string;
  readonly rejects: string | null;
  readonly summary: BatchSummary;
  /** How many are explained: a summary may be of some. */
  readonly rows: number;
}

/** Shows the summary of a data set in a panel of its own: a page without script, the same that is saved. */
export function showDatasetReport({ out, rejects, summary, rows }: DatasetResult): void {
  const view = datasetView(summary);
  const panel = vscode.window.createWebviewPanel("explainPrediction.dataset", vscode.l10n.t("Dataset: {0}", summary.samples), vscode.ViewColumn.Active, {
    enableScripts: false,
    enableFindWidget: true,
    localResourceRoots: [],
  });
  panel.webview.html = renderDatasetReport(view, { embedded: true });
  void offer(out, rejects, rows, summary.rejected, () => renderDatasetReport(view));
}

async function offer(out: string, rejects: string | null, rows: number, rejected: number, page: () => string): Promise<void> {
  const [save, reveal, open] = [vscode.l10n.t("Save report…"), vscode.l10n.t("Show file"), vscode.l10n.t("Open rejects")];
  const message =
    rejected === 0
      ? vscode.l10n.t("{0} rows are explained in {1}.", rows.toLocaleString("en"), basename(out))
      : vscode.l10n.t("{0} rows are explained in {1}; {2} could not be.", rows.toLocaleString("en"), basename(out), rejected.toLocaleString("en"));
  const here = existsSync(out) ? [reveal] : [];
  const answer = await vscode.window.showInformationMessage(noticeText(message), save, ...here, ...(rejects === null ? [] : [open]));
  if (answer === reveal) await vscode.commands.executeCommand("revealInExplorer", vscode.Uri.file(out));
  if (answer === open && rejects !== null) await vscode.window.showTextDocument(vscode.Uri.file(rejects));
  if (answer !== save) return;
  const file = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(`${out}.html`), filters: { HTML: ["html"] } });
  if (file === undefined) return;
  await saveFile(file, page());
}
