import * as vscode from "vscode";
import { formatDiagnostic, toDiagnostic } from "../base/diagnostic.js";
import { writeError } from "../base/writeError.js";
import { writeWhole } from "../base/writeWhole.js";
import { noticeText } from "./noticeText.js";

/** Writes what a person wants to have as a file: whole or not at all. What goes wrong is shown, and false is the answer then. */
export async function saveFile(target: vscode.Uri, content: string | Uint8Array): Promise<boolean> {
  try {
    if (target.scheme === "file") await writeWhole(target.fsPath, content);
    else await vscode.workspace.fs.writeFile(target, typeof content === "string" ? new TextEncoder().encode(content) : content);
    return true;
  } catch (error) {
    void vscode.window.showErrorMessage(noticeText(formatDiagnostic(toDiagnostic(writeError(error, target.path)))));
    return false;
  }
}
