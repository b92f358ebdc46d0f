import { ok } from "node:assert/strict";
import * as vscode from "vscode";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import type { PanelState } from "../../../src/protocol/viewModel.js";
import { commandIds } from "../../../src/vscode/commandIds.js";

/** A file of the examples, which are the open folder. */
export function example(path: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  ok(folder, "no folder is open");
  return vscode.Uri.joinPath(folder.uri, path).fsPath;
}

/** What the panel shows once a request has settled. */
export async function explain(request: ExplainRequest): Promise<PanelState> {
  const state = await vscode.commands.executeCommand<PanelState | undefined>(commandIds.explain, request);
  ok(state, "the command settled without a state");
  return state;
}
