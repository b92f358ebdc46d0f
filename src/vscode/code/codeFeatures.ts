import * as vscode from "vscode";
import { commandIds, linkCommandIds } from "../commandIds.js";
import { ModelEditor } from "../modelView/modelEditor.js";
import type { Panels } from "../panels.js";
import type { Services } from "../services.js";
import { viewTypes } from "../viewTypes.js";
import { ModelLens } from "./modelLens.js";
import type { ModelSourceFinder } from "./modelSources.js";
import { RowLens } from "./rowLens.js";

/** What explanations add to the editors beside the panel: credit on source lines, lenses, the ways between panel and source. */
export class CodeFeatures implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[];
  #disposed = false;

  constructor(
    private readonly services: Services,
    panels: () => Promise<Panels>,
    private readonly finder: ModelSourceFinder,
  ) {
    // Nothing is coloured before something was explained.
    const first = services.shown.onDidChange(() => {
      first.dispose();
      void this.#colour();
    });
    const editor = new ModelEditor(services, panels, finder);
    this.#subscriptions = [
      first,
      new ModelLens(services, finder),
      new RowLens(services),
      vscode.window.registerCustomEditorProvider(viewTypes.model, editor, { supportsMultipleEditorsPerDocument: true }),
      vscode.commands.registerCommand(commandIds.openModel, (uri: unknown) => openModel(services, uri)),
      vscode.commands.registerCommand(commandIds.clearCredit, () => services.shown.clear()),
      vscode.commands.registerCommand(commandIds.goToLayer, async (argument: unknown) =>
        (await import("./goToLayer.js")).goToLayer(services, finder, argument),
      ),
      vscode.commands.registerCommand(linkCommandIds.openLayer, async (argument: unknown) =>
        (await import("./openLayer.js")).openLayer(services, panels, argument),
      ),
    ];
  }

  dispose(): void {
    this.#disposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #colour(): Promise<void> {
    const [{ SourceCredit }, { SampleCredit }] = await Promise.all([import("./sourceCredit.js"), import("./sampleCredit.js")]);
    if (!this.#disposed) this.#subscriptions.push(new SourceCredit(this.services, this.finder), new SampleCredit(this.services));
  }
}

/** "Open model view": of the file that was right-clicked, or of a model that is asked for. */
async function openModel({ memory }: Services, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : await askedModel(memory);
  if (uri !== undefined) await vscode.commands.executeCommand("vscode.openWith", uri, viewTypes.model);
}

async function askedModel(memory: Services["memory"]): Promise<vscode.Uri | undefined> {
  const { askModel } = await import("../ask/askModel.js");
  const model = await askModel(memory);
  return model === undefined ? undefined : vscode.Uri.file(model);
}
