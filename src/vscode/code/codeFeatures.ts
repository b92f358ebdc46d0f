import * as vscode from "vscode";
import * as v from "valibot";
import { askModel } from "../ask/askModel.js";
import { commandIds, linkCommandIds } from "../commandIds.js";
import type { Panels } from "../panels.js";
import type { Services } from "../services.js";
import { goToLayer, layerPlace } from "./goToLayer.js";
import { ModelLens } from "./modelLens.js";
import type { ModelSourceFinder } from "./modelSources.js";
import { RowLens } from "./rowLens.js";
import { SampleCredit } from "./sampleCredit.js";
import { SourceCredit } from "./sourceCredit.js";
import { ModelEditor, modelViewType } from "../modelView/modelEditor.js";

/** What explanations add to the editors beside the panel: credit on source lines, lenses, the ways between panel and source. */
export class CodeFeatures implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable;

  constructor(services: Services, panels: Panels, finder: ModelSourceFinder) {
    this.#subscriptions = vscode.Disposable.from(
      new SourceCredit(services, finder),
      new ModelLens(services, finder),
      new SampleCredit(services),
      new RowLens(services),
      vscode.window.registerCustomEditorProvider(modelViewType, new ModelEditor(services, panels, finder), { supportsMultipleEditorsPerDocument: true }),
      vscode.commands.registerCommand(commandIds.openModel, (uri: unknown) => openModel(services, uri)),
      vscode.commands.registerCommand(commandIds.clearCredit, () => services.shown.clear()),
      vscode.commands.registerCommand(commandIds.goToLayer, (argument: unknown) => goToLayer(services, finder, argument)),
      vscode.commands.registerCommand(linkCommandIds.openLayer, (argument: unknown) => openLayer(services, panels, argument)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

/** "Open model view": of the file that was right-clicked, or of a model that is asked for. */
async function openModel({ memory }: Services, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : await askModel(memory).then((model) => (model === undefined ? undefined : vscode.Uri.file(model)));
  if (uri !== undefined) await vscode.commands.executeCommand("vscode.openWith", uri, modelViewType);
}

/** From a source line to the panel: the layer of the explanation whose share the line shows. */
async function openLayer({ shown }: Services, panels: Panels, argument: unknown): Promise<void> {
  const place = v.safeParse(layerPlace, argument);
  const request = place.success ? shown.get(place.output.model)?.explanation.request : undefined;
  if (place.success && request !== undefined) await panels.openLayer(request, place.output.layer);
}
