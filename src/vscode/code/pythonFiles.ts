import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { companionFolder } from "../../base/exportPlace.js";
import { isWithin, samePath } from "../../base/samePath.js";
import type { SourceFiles } from "../../source/findSources.js";

const skipped = new Set(["node_modules", "__pycache__", "site-packages", "venv", "env", "dist", "build"]);
const mostFiles = 5000;
const deepest = 10;
const largestFile = 1024 * 1024;

/** A path as the source search names it: with "/" on every system. */
export const sourceName = (path: string): string => path.replace(/\\/g, "/");

/**
 * The workspace's Python files and those below a model's folder, by absolute path. A file that is being edited is read as the editor has it. A walk of its own
 * rather than the editor's search: it needs no search program, and works the same on every host.
 */
export function pythonFiles(model: string): SourceFiles {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
  const own = companionFolder(model);
  const roots = folders.some((folder) => isWithin(folder, own)) ? folders : [own, ...folders];
  return {
    list: async () => [...new Set((await Promise.all(roots.map(pythonFilesIn))).flat())],
    read: async (file) => {
      const open = vscode.workspace.textDocuments.find((document) => document.uri.scheme === "file" && samePath(document.uri.fsPath, file));
      if (open !== undefined) return open.getText();
      const info = await stat(file).catch(() => undefined);
      return info === undefined || !info.isFile() || info.size > largestFile ? undefined : readFile(file, "utf8").catch(() => undefined);
    },
  };
}

/** The Python files of a folder and those below, without packages. */
export async function pythonFilesIn(root: string): Promise<string[]> {
  const files: string[] = [];
  let level = [root];
  for (let depth = 0; depth < deepest && level.length > 0 && files.length < mostFiles; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith(".")) next.push(join(folder, entry.name));
        if (entry.isFile() && entry.name.endsWith(".py")) files.push(sourceName(join(folder, entry.name)));
      }
    }
    level = next;
  }
  return files;
}
