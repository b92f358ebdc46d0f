import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import * as vscode from "vscode";
import { formatDiagnostic } from "../base/diagnostic.js";
import { methodNames } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { FromPanel, PanelState, ToPanel } from "../protocol/viewModel.js";
import { commandIds } from "./commandIds.js";
import { ExplainSession } from "./explainSession.js";
import { exportExplanation } from "./exportExplanation.js";
import { panelHtml } from "./panelHtml.js";
import { parsePanelMessage } from "./panelMessage.js";
import { RunningIndicator } from "./runningIndicator.js";
import type { Services } from "./services.js";
import { engineSettings } from "./settings.js";
import { watchFiles } from "./watchFiles.js";

export const panelType = "explainPrediction.panel";

/** One model's panel: a webview, the session behind it, and the watch over its files. It ends with the webview. */
export class ExplanationPanel {
  readonly #session: ExplainSession;
  readonly #indicator: RunningIndicator;
  #watch: { dispose(): void } | undefined;
  #phase: PanelState["phase"] = "empty";

  constructor(
    private readonly webviewPanel: vscode.WebviewPanel,
    private readonly services: Services,
    request: ExplainRequest,
  ) {
    const { webview } = webviewPanel;
    const { extensionUri } = services;
    const title = vscode.l10n.t("Explain: {0}", basename(request.model));
    webviewPanel.title = title;
    webviewPanel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icon.png");
    this.#session = new ExplainSession(services.client, (state) => this.#show(state), vscode.l10n.t, engineSettings, request);
    this.#indicator = new RunningIndicator(title, () => this.cancel(), { command: commandIds.cancel, title: vscode.l10n.t("Cancel") });
    webviewPanel.onDidDispose(() => this.#end());
    webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist"), vscode.Uri.joinPath(extensionUri, "media")] };
    webview.html = panelHtml({
      script: webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview.js")).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "media", "panel.css")).toString(),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString("base64"),
    });
  }

  get state(): PanelState {
    return this.#session.state;
  }

  /** The editor column the panel is in, while it is the active editor. */
  get activeColumn(): vscode.ViewColumn | undefined {
    return this.webviewPanel.active ? this.webviewPanel.viewColumn : undefined;
  }

  reveal(): void {
    this.webviewPanel.reveal(undefined, true);
  }

  async run(request: ExplainRequest): Promise<PanelState> {
    this.#watchFilesOf(request);
    await this.#session.run(request);
    return this.#session.state;
  }

  /** Opens a layer's units. */
  async showLayer(layer: string): Promise<void> {
    await this.#session.chooseLayer(layer);
  }

  fail(error: unknown): void {
    this.#watchFilesOf(this.#session.request);
    this.#session.fail(error);
  }

  cancel(): void {
    this.#session.cancel();
  }

  #receive(message: unknown): void {
    const intent = parsePanelMessage(message);
    if (intent === undefined) {
      this.services.log.warn("The panel sent a message that it may not send; it was dropped.");
      return;
    }
    void this.#act(intent).catch((error: unknown) => this.services.log.error(error instanceof Error ? error : String(error)));
  }

  async #act(intent: FromPanel): Promise<void> {
    switch (intent.kind) {
      case "ready":
        return this.#post(this.#session.state);
      case "target":
        return this.#session.change({ target: intent.target });
      case "method": {
        const method = methodNames.find((name) => name === intent.method);
        return method === undefined ? undefined : this.#session.change({ method });
      }
      case "baseline":
        return this.#session.change({ baseline: intent.baseline });
      case "row": {
        const { model, samples } = this.#session.request;
        await this.services.memory.remember(model, { ...(samples === undefined ? {} : { samples }), row: intent.row });
        return this.#session.change({ row: intent.row });
      }
      case "layer":
        // Where its source is in sight, the editor scrolls along.
        void vscode.commands.executeCommand(commandIds.goToLayer, { model: this.#session.request.model, layer: intent.layer, quiet: true });
        return this.#session.chooseLayer(intent.layer);
      case "source":
        await vscode.commands.executeCommand(commandIds.goToLayer, { model: this.#session.request.model, layer: intent.layer });
        return;
      case "unit":
        return this.#session.chooseUnit(intent.layer, intent.unit);
      case "cancel":
        return this.cancel();
      case "retry":
        return this.#retry();
      case "export": {
        const { view } = this.#session.state;
        const { explanation } = this.#session;
        return view === null || explanation === undefined ? undefined : exportExplanation(intent.format, view, explanation);
      }
    }
  }

  async #retry(): Promise<void> {
    const { request } = this.#session;
    await this.services.client.forget([request.model]).catch(() => null);
    // A failure before samples were chosen is tried again from there.
    if (request.samples === undefined && request.values === undefined) await vscode.commands.executeCommand(commandIds.explain, vscode.Uri.file(request.model));
    else await this.#session.run();
  }

  #show(state: PanelState): void {
    if (state.phase === "failed" && this.#phase !== "failed" && state.error !== null) this.services.log.error(formatDiagnostic(state.error));
    this.#phase = state.phase;
    this.#share(state);
    this.#indicator.show(state);
    this.#post(state);
  }

  #post(state: PanelState): void {
    void this.webviewPanel.webview.postMessage({ kind: "state", state } satisfies ToPanel);
  }

  /** Lets the editors know what is on the screen once it is whole, and when it no longer holds. */
  #share({ phase, view }: PanelState): void {
    const { explanation, layers, request } = this.#session;
    if (phase === "stale") this.services.shown.set(request.model, undefined);
    if (phase === "done" && view !== null && explanation !== undefined)
      this.services.shown.set(request.model, { view, explanation, ...(layers === undefined ? {} : { layers }) });
  }

  #watchFilesOf({ model, samples }: ExplainRequest): void {
    this.#watch?.dispose();
    const sidecar = model.replace(/\.onnx$/i, ".explain.json");
    this.#watch = watchFiles([model, sidecar, ...(samples === undefined ? [] : [samples])], (file) => {
      this.#session.stale(vscode.l10n.t("{0} changed on disk.", basename(file)));
      this.services.client.forget([model]).catch(() => null);
    });
  }

  #end(): void {
    this.#watch?.dispose();
    this.#session.dispose();
    this.#indicator.dispose();
  }
}
