import * as vscode from "vscode";

/** Scrolls to a line's beginning, and not along it. */
export function revealStart(editor: vscode.TextEditor, { start }: vscode.Range): void {
  editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
