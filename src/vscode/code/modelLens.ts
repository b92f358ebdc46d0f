import { basename, dirname } from "node:path";
import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { commandIds } from "../commandIds.js";
import { findModels } from "../findFiles.js";
import type { Services } from "../services.js";
import type { ModelSourceFinder } from "./modelSources.js";
import { sourceName } from "./pythonFiles.js";

const setting = "codeLens.enabled";
/** Models are opened to see where they come from: only a few, and none that takes long. */
const mostModels = 8;
const largestModel = 256 * 1024 * 1024;

/** Above the class of a model: explains it, or repeats its last explanation. Python files without such a class ask no model. */
export class ModelLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(
    private readonly services: Pick<Services, "shown">,
    private readonly finder: Pick<ModelSourceFinder, "find">,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      services.shown.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`explainPrediction.${setting}`)) this.#changed.fire();
      }),
      vscode.languages.registerCodeLensProvider({ language: "python", scheme: "file" }, this),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.getConfiguration("explainPrediction").get<boolean>(setting, true)) return [];
    if (!/^\s*class\s+\w+\s*\([^)]*Module/m.test(document.getText())) return [];
    const file = sourceName(document.uri.fsPath);
    const lenses: vscode.CodeLens[] = [];
    for (const model of await this.#candidates(document.uri.fsPath)) {
      if (token.isCancellationRequested) return [];
      // A model that can't be opened has no lens; opening it says why.
      const found = await this.finder.find(model).catch(() => undefined);
      if (found?.model?.file !== file) continue;
      const line = document.lineAt(Math.min(found.model.line, document.lineCount) - 1);
      lenses.push(new vscode.CodeLens(line.range, this.#command(model, found.layers.size)));
    }
    return lenses;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #command(model: string, layers: number): vscode.Command {
    const shown = this.services.shown.get(model);
    const { label = "", confidence = "" } = shown?.view.prediction ?? {};
    const parts = [
      vscode.l10n.t("Explain prediction"),
      layers === 1 ? vscode.l10n.t("1 layer") : vscode.l10n.t("{0} layers", layers),
      ...(shown === undefined ? [] : [vscode.l10n.t("last: {0}", `${label} ${confidence}`.trim())]),
    ];
    return {
      command: commandIds.explain,
      title: `$(lightbulb-sparkle) ${parts.join(" · ")}`,
      tooltip: shown === undefined ? basename(model) : vscode.l10n.t("Explain again: {0}", shown.view.sample),
      arguments: [shown === undefined ? vscode.Uri.file(model) : shown.explanation.request],
    };
  }

  /** Models that were explained, then those nearest to the file. */
  async #candidates(file: string): Promise<readonly string[]> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
    const explained = this.services.shown.models;
    const others = (await findModels(folders)).filter((model) => !explained.includes(model));
    const near = (model: string): number => commonLength(dirname(model), dirname(file));
    const chosen = [...explained, ...others.sort((a, b) => near(b) - near(a))].slice(0, mostModels);
    const sized = await Promise.all(chosen.map(async (model) => ({ model, size: (await stat(model).catch(() => undefined))?.size ?? Infinity })));
    return sized.filter(({ size }) => size <= largestModel).map(({ model }) => model);
  }
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
