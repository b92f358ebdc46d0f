import { readFile, stat } from "node:fs/promises";
import * as vscode from "vscode";
import { pythonFilesIn } from "../code/pythonFiles.js";

/** The context key that package.json's menus test: Python files with a class that looks like an nn.Module. Until it is set, every Python file offers the command. */
const key = "explainPrediction.moduleFiles";
const largestFile = 256 * 1024;
const mostFiles = 2000;
const moduleClass = /^class\s+\w+\s*\([^)]*Module\b/m;

/** Keeps the context key true to the workspace's Python files as they are saved. */
export function trackModuleFiles(): vscode.Disposable {
  const found = new Set<string>();
  const publish = (): Thenable<unknown> => vscode.commands.executeCommand("setContext", key, [...found]);
  const scan = async (): Promise<void> => {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
    const files = (await Promise.all(folders.map(pythonFilesIn))).flat().slice(0, mostFiles);
    for (const file of files) if (await holdsModule(file)) found.add(vscode.Uri.file(file).fsPath);
    await publish();
  };
  void scan();
  return vscode.Disposable.from(
    vscode.workspace.onDidSaveTextDocument(async (document) => {
      const { uri } = document;
      if (document.languageId !== "python" || uri.scheme !== "file") return;
      const before = found.size;
      if (moduleClass.test(document.getText())) found.add(uri.fsPath);
      else found.delete(uri.fsPath);
      if (found.size !== before) await publish();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void scan()),
  );
}

async function holdsModule(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  return info !== undefined && info.size <= largestFile && moduleClass.test(await readFile(file, "utf8").catch(() => ""));
}
