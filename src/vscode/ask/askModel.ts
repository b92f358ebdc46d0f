import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { findModels } from "../findFiles.js";
import type { Memory } from "../memory.js";

interface ModelItem extends vscode.QuickPickItem {
  readonly model?: string;
}

/** Which model: the workspace's models, those used lately first, or one from elsewhere. Undefined when the person left. */
export async function askModel(memory: Memory): Promise<string | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
  const found = await findModels(folders);
  if (found.length === 0) return browse();
  const recent = memory.recentModels.filter((model) => found.includes(model));
  const others = found.filter((model) => !recent.includes(model));
  const item = (model: string): ModelItem => ({
    model,
    label: basename(model),
    description: vscode.workspace.asRelativePath(dirname(model)),
    iconPath: new vscode.ThemeIcon("circuit-board"),
  });
  const heading = (label: string): ModelItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: ModelItem[] = [
    ...(recent.length === 0 ? [] : [heading(vscode.l10n.t("recently explained")), ...recent.map(item), heading(vscode.l10n.t("in this workspace"))]),
    ...others.map(item),
    heading(""),
    { label: vscode.l10n.t("Browse…"), iconPath: new vscode.ThemeIcon("folder-opened"), alwaysShow: true },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Explain prediction"),
    placeHolder: vscode.l10n.t("Model whose prediction is to be explained"),
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  return picked.model ?? browse();
}

async function browse(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Choose an ONNX model"),
      canSelectMany: false,
      filters: { [vscode.l10n.t("ONNX models")]: ["onnx"], [vscode.l10n.t("All files")]: ["*"] },
    })) ?? [];
  return file?.fsPath;
}

/** Which of the models beside a sample file; no question when there is only one. */
export async function askModelBeside(models: readonly string[], memory: Memory): Promise<string | undefined> {
  const [only] = models;
  if (models.length < 2) return only;
  const recent = memory.recentModels;
  const rank = (model: string): number => (recent.includes(model) ? recent.indexOf(model) : recent.length);
  const items = [...models]
    .sort((a, b) => rank(a) - rank(b))
    .map((model) => ({ model, label: basename(model), iconPath: new vscode.ThemeIcon("circuit-board") }));
  return (
    await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Explain prediction"), placeHolder: vscode.l10n.t("Model to use with these samples") })
  )?.model;
}
