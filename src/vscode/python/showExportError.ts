import { basename } from "node:path";
import * as vscode from "vscode";
import { formatDiagnostic, toDiagnostic } from "../../base/diagnostic.js";
import { changePython } from "./chosenPython.js";
import { noticeText } from "../noticeText.js";

interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

/** Says why there is no file, in the exporter's own words, with what can be done about it: the whole text is in the log. */
export async function showExportError(log: vscode.LogOutputChannel, error: unknown, python: string | undefined): Promise<void> {
  const diagnostic = toDiagnostic(error);
  const { code, file, line, message, hint } = diagnostic;
  log.error(formatDiagnostic(diagnostic));
  const command = /(?:^|: )((?:"[^"]+"|\S+) -m pip install [^\n]*)$/.exec(hint ?? "")?.[1];
  const actions: Action[] = [
    ...(command === undefined ? [] : [{ title: vscode.l10n.t("Copy command"), run: () => vscode.env.clipboard.writeText(command) }]),
    ...(code.startsWith("PYTHON") ? [{ title: vscode.l10n.t("Choose interpreter"), run: changePython }] : []),
    ...(code === "NOT_TRUSTED" ? [{ title: vscode.l10n.t("Manage trust"), run: () => vscode.commands.executeCommand("workbench.trust.manage") }] : []),
    ...(file === undefined || line === undefined ? [] : [{ title: vscode.l10n.t("Go to line {0}", line), run: () => openAt(file, line) }]),
    ...(python === undefined ? [] : [{ title: vscode.l10n.t("Show log"), run: () => log.show() }]),
  ];
  const place = file === undefined || line === undefined ? "" : `${basename(file)}:${line}: `;
  const text = `${place}${message}${hint === undefined ? "" : ` ${hint}`}`;
  const chosen = await vscode.window.showErrorMessage(noticeText(text), ...actions.map(({ title }) => title));
  await actions.find(({ title }) => title === chosen)?.run();
}

async function openAt(file: string, line: number): Promise<void> {
  const start = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(start, start) });
}
