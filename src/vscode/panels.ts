import * as vscode from "vscode";
import { PathMap } from "../base/pathMap.js";
import type { ExplainRequest } from "../protocol/request.js";
import { ExplanationPanel } from "./explanationPanel.js";
import { savedRequest } from "./savedRequest.js";
import type { Services } from "./services.js";
import { viewTypes } from "./viewTypes.js";

/** The open panels, one a model, and their return after the window was reloaded. */
export class Panels implements vscode.WebviewPanelSerializer {
  readonly #panels = new PathMap<ExplanationPanel>();

  constructor(private readonly services: Services) {}

  /** The model's panel, opened beside the editor when there is none. */
  open(request: ExplainRequest): ExplanationPanel {
    const open = this.#panels.get(request.model);
    if (open !== undefined) {
      open.reveal();
      return open;
    }
    // Beside what is being edited; beside another explanation it would only make both narrow.
    const viewColumn = this.active?.activeColumn ?? vscode.ViewColumn.Beside;
    return this.#adopt(vscode.window.createWebviewPanel(viewTypes.panel, "", { viewColumn, preserveFocus: true }), request);
  }

  /** The model's panel at one of its layers; explained again when the panel was closed. */
  async openLayer(request: ExplainRequest, layer: string): Promise<void> {
    const known = this.#panels.get(request.model);
    const panel = this.open(request);
    if (known === undefined) await panel.run(request);
    await panel.showLayer(layer);
  }

  /** Sets the answer to a request beside what the model's panel shows; shows it when there is no panel. */
  async compare(request: ExplainRequest): Promise<void> {
    const panel = this.#panels.get(request.model);
    if (panel === undefined) await this.open(request).run(request);
    else panel.compareWith(await this.services.client.explain([request]));
  }

  /** The panel that is the active editor. */
  get active(): ExplanationPanel | undefined {
    return this.#panels.values.find(({ activeColumn }) => activeColumn !== undefined);
  }

  cancelAll(): void {
    for (const panel of this.#panels.values) panel.cancel();
  }

  /** Explains again what a panel showed before the reload; a panel that kept nothing usable is closed. */
  deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, saved: unknown): Promise<void> {
    const request = savedRequest(saved);
    if (request === undefined || this.#panels.has(request.model)) webviewPanel.dispose();
    // Not awaited: the editor waits for this method before it shows the panel.
    else void this.#adopt(webviewPanel, request).run(request);
    return Promise.resolve();
  }

  #adopt(webviewPanel: vscode.WebviewPanel, request: ExplainRequest): ExplanationPanel {
    const panel = new ExplanationPanel(webviewPanel, this.services, request);
    this.#panels.set(request.model, panel);
    webviewPanel.onDidDispose(() => this.#panels.delete(request.model));
    return panel;
  }
}
