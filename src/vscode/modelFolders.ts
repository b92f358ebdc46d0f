import { dirname } from "node:path";
import * as vscode from "vscode";
import { findModels } from "./findFiles.js";

/** The context key that package.json's menus test: folders that hold a model, so that sample files in them offer the command. */
const key = "explainPrediction.modelFolders";

/** Keeps the context key true to the workspace while models come and go. */
export function trackModelFolders(): vscode.Disposable {
  const update = async (): Promise<void> => {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
    const models = await findModels(folders);
    await vscode.commands.executeCommand("setContext", key, [...new Set(models.map((model) => dirname(model)))]);
  };
  const watcher = vscode.workspace.createFileSystemWatcher("**/*.onnx", false, true, false);
  void update();
  return vscode.Disposable.from(watcher, watcher.onDidCreate(update), watcher.onDidDelete(update), vscode.workspace.onDidChangeWorkspaceFolders(update));
}
