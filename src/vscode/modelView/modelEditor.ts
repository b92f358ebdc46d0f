import type * as vscode from "vscode";
import type { ModelSourceFinder } from "../code/modelSources.js";
import type { Panels } from "../panels.js";
import type { Services } from "../services.js";

/** The model view: what is in an ONNX file, read-only, beside other editors for such files. */
export class ModelEditor implements vscode.CustomReadonlyEditorProvider {
  constructor(
    private readonly services: Services,
    private readonly panels: () => Promise<Panels>,
    private readonly finder: ModelSourceFinder,
  ) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { openModelPage } = await import("./modelPage.js");
    openModelPage(uri, panel, this.services, this.panels, this.finder);
  }
}
