import { basename } from "node:path";
import * as vscode from "vscode";
import { samePath } from "../../base/samePath.js";
import { commandIds } from "../commandIds.js";
import { modelsBeside } from "../findFiles.js";
import type { Services } from "../services.js";
import { recordKind } from "./recordKind.js";
import { recordAt, recordStarts } from "./recordStarts.js";

const setting = "codeLens.enabled";
/** The cursor rests before the lens follows it: lines would jump under it otherwise. */
const pauseMilliseconds = 250;
/** Larger files are not looked through at every move. */
const largestText = 20 * 1024 * 1024;

/** "Explain this row" above the cursor's row of a sample file that lies beside a model. */
export class RowLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.#changed.event;
  /** Record starts of the document that was looked at last. */
  #starts: { readonly document: vscode.TextDocument; readonly version: number; readonly lines: readonly number[] } | undefined;
  #pause: NodeJS.Timeout | undefined;

  constructor(private readonly services: Services) {
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (recordKind(textEditor.document.uri.fsPath) === undefined) return;
        clearTimeout(this.#pause);
        this.#pause = setTimeout(() => this.#changed.fire(), pauseMilliseconds);
      }),
      vscode.languages.registerCodeLensProvider({ scheme: "file", pattern: "**/*.{csv,tsv,tab,jsonl,ndjson,txt}" }, this),
      vscode.commands.registerCommand(commandIds.explainRow, () => this.#explainCursorRow()),
    );
  }

  dispose(): void {
    clearTimeout(this.#pause);
    this.#subscriptions.dispose();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.getConfiguration("explainPrediction").get<boolean>(setting, true)) return [];
    const line = vscode.window.visibleTextEditors.find((editor) => editor.document === document)?.selection.active.line;
    const [model] = await this.#modelsOf(document.uri.fsPath);
    if (line === undefined || model === undefined) return [];
    const row = await this.#rowAt(document, model, line);
    if (row === undefined) return [];
    const range = document.lineAt(row.line).range;
    return [
      new vscode.CodeLens(range, {
        command: commandIds.explain,
        title: `$(lightbulb-sparkle) ${vscode.l10n.t("Explain this row")} · ${vscode.l10n.t("row {0}", row.row)} · ${basename(model)}`,
        arguments: [{ ...this.#lastRequest(model, document.uri.fsPath), model, samples: document.uri.fsPath, rows: [row.row] }],
      }),
    ];
  }

  /** The command without an argument: the row of the active editor's cursor. */
  async #explainCursorRow(): Promise<unknown> {
    const editor = vscode.window.activeTextEditor;
    const [model] = editor === undefined ? [] : await this.#modelsOf(editor.document.uri.fsPath);
    const row = editor === undefined || model === undefined ? undefined : await this.#rowAt(editor.document, model, editor.selection.active.line);
    if (editor === undefined || model === undefined || row === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("Put the cursor on a row of a sample file that lies beside a model."));
      return undefined;
    }
    const samples = editor.document.uri.fsPath;
    return vscode.commands.executeCommand(commandIds.explain, { ...this.#lastRequest(model, samples), model, samples, rows: [row.row] });
  }

  /** Method and baseline as they were asked last for these samples. */
  #lastRequest(model: string, samples: string): object {
    const request = this.services.shown.get(model)?.explanation.request;
    if (request?.samples === undefined || !samePath(request.samples, samples)) return {};
    const { method, options } = request;
    return { ...(method === undefined ? {} : { method }), ...(options === undefined ? {} : { options }) };
  }

  /** A model that was explained with this file, else the models in its folder. */
  async #modelsOf(file: string): Promise<readonly string[]> {
    if (recordKind(file) === undefined) return [];
    const explained = this.services.shown.models.filter((model) => {
      const { samples } = this.services.shown.get(model)?.explanation.request ?? {};
      return samples !== undefined && samePath(samples, file);
    });
    return [...explained.reverse(), ...(await modelsBeside(file))];
  }

  /** The record that a line belongs to, as the reader counts it; `line` counts from 0 here. Undefined before the first, and in a file that the model can't read. */
  async #rowAt(document: vscode.TextDocument, model: string, line: number): Promise<{ readonly row: number; readonly line: number } | undefined> {
    const kind = recordKind(document.uri.fsPath);
    if (kind === undefined) return undefined;
    const known = this.#starts;
    if (known?.document !== document || known.version !== document.version) {
      const text = document.getText();
      if (text.length > largestText) return undefined;
      this.#starts = { document, version: document.version, lines: recordStarts(text, kind === "csv") };
    }
    const first = await this.services.client.samples([model, document.uri.fsPath, { from: 0, count: 1 }]).catch(() => undefined);
    return recordAt(this.#starts?.lines ?? [], first?.rows[0]?.line, line);
  }
}
