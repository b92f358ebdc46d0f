import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import type { ModelSources } from "../../../src/source/findSources.js";
import { ModelLens } from "../../../src/vscode/code/modelLens.js";
import { SourceCredit } from "../../../src/vscode/code/sourceCredit.js";
import { ShownExplanations, type ShownExplanation } from "../../../src/vscode/shownExplanations.js";
import { example } from "./explain.js";

const model = example("diabetes/model.onnx");

/** Counts the searches, and says when there is one. */
class CountingFinder {
  searches = 0;
  readonly #searched = new vscode.EventEmitter<void>();

  find(): Promise<ModelSources> {
    this.searches++;
    this.#searched.fire();
    return Promise.resolve({ layers: new Map(), model: null });
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.#searched.event(() => resolve()));
  }
}

async function whileOff(setting: string, run: (turnOn: () => Thenable<void>) => Promise<void>): Promise<void> {
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("explainPrediction");
  const set = (value: boolean | undefined): Thenable<void> => settings().update(setting, value, vscode.ConfigurationTarget.Global);
  await set(false);
  try {
    strictEqual(settings().get(setting), false);
    await run(() => set(undefined));
  } finally {
    await set(undefined);
  }
}

/** What is off costs nothing: source files are not even looked for. */
export const sourceSettingCases: Readonly<Record<string, () => Promise<void>>> = {
  "credit on source lines looks for nothing while it is off": () =>
    whileOff("sourceCredit.enabled", async (turnOn) => {
      const finder = new CountingFinder();
      const shown = new ShownExplanations();
      const log = vscode.window.createOutputChannel("Source settings", { log: true });
      // Of an explanation, only the layers matter here.
      const explained = { layers: { layers: [], diagnostics: [] } } as unknown as ShownExplanation;
      shown.set(model, explained);
      const credit = new SourceCredit({ shown, log }, finder);
      try {
        shown.set(model, { ...explained });
        await vscode.window.showTextDocument(vscode.Uri.file(example("diabetes/network.py")));
        shown.set(model, { ...explained });
        strictEqual(finder.searches, 0);
        const searched = finder.next();
        await turnOn();
        await searched;
        strictEqual(finder.searches, 1);
      } finally {
        vscode.Disposable.from(credit, shown, log).dispose();
      }
    }),

  "the lens on a model's class looks for nothing while it is off": () =>
    whileOff("codeLens.enabled", async (turnOn) => {
      const finder = new CountingFinder();
      const shown = new ShownExplanations();
      const lens = new ModelLens({ shown }, finder);
      try {
        const document = await vscode.workspace.openTextDocument(example("diabetes/network.py"));
        const { token } = new vscode.CancellationTokenSource();
        deepStrictEqual(await lens.provideCodeLenses(document, token), []);
        strictEqual(finder.searches, 0);
        await turnOn();
        await lens.provideCodeLenses(document, token);
        ok(finder.searches > 0);
      } finally {
        vscode.Disposable.from(lens, shown).dispose();
      }
    }),
};
