import { basename, dirname, extname, join, relative } from "node:path";
import * as vscode from "vscode";
import type { BatchFormat } from "../../protocol/batch.js";
import { samplesBeside } from "../findFiles.js";

/** Files with a row a sample; others hold one sample, or are read whole. */
const datasetSuffixes: readonly string[] = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"];

export const isDataset = (file: string): boolean => datasetSuffixes.includes(extname(file).toLowerCase());

/** Which data set: those beside the model, or one from elsewhere. Undefined when the person left. */
export async function askDataset(model: string): Promise<string | undefined> {
  const beside = (await samplesBeside(model)).filter(isDataset);
  const browse = { label: vscode.l10n.t("Browse…"), iconPath: new vscode.ThemeIcon("folder-opened"), alwaysShow: true };
  const items: (vscode.QuickPickItem & { readonly file?: string })[] = [
    ...beside.map((file) => ({ label: basename(file), description: relative(dirname(model), dirname(file)), iconPath: new vscode.ThemeIcon("table"), file })),
    browse,
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Explain dataset: {0}", basename(model)),
    placeHolder: vscode.l10n.t("Data whose rows are all explained"),
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  if (picked.file !== undefined) return picked.file;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Choose data"),
      canSelectMany: false,
      filters: { [vscode.l10n.t("Data sets")]: datasetSuffixes.map((suffix) => suffix.slice(1)), [vscode.l10n.t("All files")]: ["*"] },
    })) ?? [];
  return file?.fsPath;
}

/** Where the result goes: beside the data at first. The dialog asks before it replaces a file. */
export async function askResultFile(samples: string): Promise<{ readonly out: string; readonly format: BatchFormat } | undefined> {
  const stem = basename(samples, extname(samples));
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Where the explanations are written"),
    saveLabel: vscode.l10n.t("Explain"),
    defaultUri: vscode.Uri.file(join(dirname(samples), `${stem}.attributions.parquet`)),
    filters: { Parquet: ["parquet"], CSV: ["csv"] },
  });
  if (file === undefined) return undefined;
  return { out: file.fsPath, format: extname(file.fsPath).toLowerCase() === ".csv" ? "csv" : "parquet" };
}

/** What becomes of an unfinished run at this place. Undefined when the person left. */
export async function askUnfinished(out: string): Promise<"continue" | "restart" | undefined> {
  const [continued, anew] = [vscode.l10n.t("Continue"), vscode.l10n.t("Start anew")];
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t("Continue the unfinished run?"),
    { modal: true, detail: vscode.l10n.t("{0} was interrupted; the rows that it has explained are kept. Starting anew deletes them.", basename(out)) },
    continued,
    anew,
  );
  return answer === continued ? "continue" : answer === anew ? "restart" : undefined;
}
