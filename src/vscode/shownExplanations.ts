import * as vscode from "vscode";
import { PathMap } from "../base/pathMap.js";
import type { Explanation, LayersAnswer } from "../protocol/explanation.js";
import type { ExplanationView } from "../protocol/viewModel.js";

/** What a panel shows, for the editors beside it. `explanation.request` is the question with its defaults filled in. */
export interface ShownExplanation {
  readonly view: ExplanationView;
  readonly explanation: Explanation;
  /** Absent where layers could not be explained. */
  readonly layers?: LayersAnswer;
}

/** The last complete explanation of each model, and who wants to know of it. */
export class ShownExplanations implements vscode.Disposable {
  readonly #shown = new PathMap<ShownExplanation>();
  readonly #changed = new vscode.EventEmitter<string>();
  /** Fires with the model whose explanation came, changed or went. */
  readonly onDidChange = this.#changed.event;

  get(model: string): ShownExplanation | undefined {
    return this.#shown.get(model);
  }

  /** Models with an explanation, the newest last. */
  get models(): readonly string[] {
    return this.#shown.paths;
  }

  /** `undefined` takes it away: the files behind it changed, or it was cleared. */
  set(model: string, shown: ShownExplanation | undefined): void {
    if (!this.#shown.delete(model) && shown === undefined) return;
    if (shown !== undefined) this.#shown.set(model, shown);
    this.#changed.fire(model);
  }

  clear(): void {
    for (const model of this.models) this.set(model, undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
