import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import * as vscode from "vscode";
import { formatDiagnostic } from "../base/diagnostic.js";
import type { Explanation } from "../protocol/explanation.js";
import type { ManyMessage, ManyView } from "../protocol/manyView.js";
import { methodNames } from "../protocol/names.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { FromPanel, ToPanel } from "../protocol/panelMessages.js";
import type { PanelState } from "../protocol/viewModel.js";
import { askBaseline, askClass } from "./ask/askChoice.js";
import { askColumns } from "./ask/askColumns.js";
import { askScore } from "./ask/askScore.js";
import { CalmPost } from "./calmPost.js";
import { commandIds } from "./commandIds.js";
import { ExplainSession } from "./explainSession.js";
import { exportExplanation } from "./exportExplanation.js";
import { actOnMany } from "./many/manyActions.js";
import { ManySamples } from "./many/manySamples.js";
import { panelHtml } from "./panelHtml.js";
import { parsePanelMessage } from "./panelMessage.js";
import { RunningIndicator } from "./runningIndicator.js";
import { savePicture } from "./savePicture.js";
import { SmallestChange } from "./smallestChange.js";
import type { Services } from "./services.js";
import { engineSettings } from "./settings.js";
import { captumSnippet } from "./snippets/captumSnippet.js";
import { findNetwork } from "./snippets/network.js";
import { ModelSourceFinder } from "./code/modelSources.js";
import { commandLine } from "./snippets/commandLine.js";
import { markdownSummary } from "./snippets/markdownSummary.js";
import { watchFiles } from "./watchFiles.js";

/** One model's panel: a webview, the session behind it, and the watch over its files. It ends with the webview. */
export class ExplanationPanel {
  readonly #session: ExplainSession;
  readonly #indicator: RunningIndicator;
  readonly #calm = new CalmPost((state) => this.#post(state));
  readonly #many: ManySamples;
  readonly #smallest: SmallestChange;
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
    this.#many = new ManySamples(services.client, (many) => this.#postMany(many));
    this.#smallest = new SmallestChange(services.client, () => this.#post(this.#session.state));
    this.#indicator = new RunningIndicator(title, () => this.cancel(), { command: commandIds.cancel, title: vscode.l10n.t("Cancel") });
    webviewPanel.onDidDispose(() => this.#end());
    webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist"), vscode.Uri.joinPath(extensionUri, "media")] };
    webview.html = panelHtml({
      script: webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview.js")).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "media", "panel.css")).toString(),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString("base64"),
      language: vscode.env.language,
      ...(vscode.l10n.bundle === undefined ? {} : { words: vscode.l10n.bundle }),
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

  /** Sets another explanation beside the one on the screen. */
  compareWith(explanation: Explanation): void {
    this.#session.pin(explanation);
  }

  /** Explains a row before or after the one that is shown; nothing where the samples end. */
  async stepRow(by: 1 | -1): Promise<void> {
    const { view } = this.#session.state;
    const row = (view?.row ?? 0) + by;
    if (view === null || view.rows === null || row < 0 || row >= view.rows) return;
    await this.#act({ kind: "row", row });
  }

  /** Keeps what is shown, to compare others with it. */
  pin(): void {
    this.#session.pin();
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
        this.#post(this.#session.state);
        return this.#postMany(this.#many.view);
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
      case "versus":
        return this.#session.change({ versus: intent.versus });
      case "ask":
        return this.#ask(intent.what);
      case "isolated":
        return this.#session.isolate();
      case "back":
        return this.#session.back();
      case "forward":
        return this.#session.forward();
      case "home":
        return this.#session.home();
      case "edit":
      case "editText":
      case "region":
      case "reset":
        return this.#session.edit(intent);
      case "measure":
        return this.#session.measure(intent.measure);
      case "stopMeasuring":
        return this.#session.stopMeasuring();
      case "pin":
        return this.#session.pin();
      case "unpin":
        return this.#session.unpin(intent.pin);
      case "compare":
        return this.#session.comparePin(intent.pin);
      case "table":
        return this.#session.showTable(intent.query);
      case "flip":
        return this.#flip(intent.to, intent.input);
      case "stopFlip":
        return this.#smallest.stop();
      case "applyFlip": {
        const { edits } = this.#smallest;
        return edits === undefined ? undefined : this.#session.apply(edits);
      }
      case "many":
        return actOnMany(intent.what, this.#many, this.#session);
      case "manyLook":
        return this.#many.look(intent.look);
      case "picture":
        return savePicture(intent, this.#session.request.model);
      case "copy":
      case "export":
        return this.#takeAway(intent);
    }
  }

  /** The answer on the screen as a file or in the clipboard. */
  async #takeAway(intent: Extract<FromPanel, { kind: "copy" | "export" }>): Promise<void> {
    const { view } = this.#session.state;
    const { explanation } = this.#session;
    if (view === null || explanation === undefined) return;
    if (intent.kind === "export") return exportExplanation(intent.format, view, explanation);
    const command = commandLine(explanation.request);
    const text = {
      command: () => command,
      markdown: () => markdownSummary(view, command),
      python: async () =>
        captumSnippet(explanation, await findNetwork(new ModelSourceFinder(this.services.client), explanation.request.model).catch(() => null)),
    }[intent.what];
    await vscode.env.clipboard.writeText(await text());
    vscode.window.setStatusBarMessage(vscode.l10n.t("Copied."), 2000);
  }

  /** Looks for the smallest change that flips the prediction on the screen; a single number has to be told which value to reach. */
  async #flip(to: string, input: string): Promise<void> {
    const { view } = this.#session.state;
    const { explanation } = this.#session;
    if (view === null || explanation === undefined) return;
    const wanted = view.flip?.value === true ? await askScore(view) : to;
    if (wanted === undefined) return;
    const ask = { ...(wanted === "" ? {} : { to: wanted }), ...(input === "" ? {} : { inputs: [input] }) };
    return this.#smallest.find(explanation, ask, vscode.l10n.t("Looking for the smallest change …"));
  }

  async #ask(what: "target" | "versus" | "baseline" | "columns"): Promise<void> {
    const { view } = this.#session.state;
    if (what === "columns") {
      // Also where there is no answer yet because nothing says which column feeds what.
      const columns = await askColumns(this.services.client, this.#session.request).catch((error: unknown) => this.fail(error));
      return columns === undefined ? undefined : this.#session.change({ columns });
    }
    if (view === null) return;
    const titles = { target: vscode.l10n.t("Class to explain"), versus: vscode.l10n.t("Class to compare with") };
    const chosen = what === "baseline" ? await askBaseline(view.rows) : await askClass(view, titles[what]);
    // The list in the page shows what is in use again, also when nothing was chosen.
    if (chosen === undefined) this.#post(this.#session.state);
    else await this.#session.change({ [what]: chosen.trim() });
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
    this.#many.follow(state);
    this.#smallest.follow(state, this.#session.explanation);
    this.#indicator.show(state);
    this.#calm.show(state);
  }

  #post(state: PanelState): void {
    const flip = this.#smallest.state;
    void this.webviewPanel.webview.postMessage({ kind: "state", state: flip === undefined ? state : { ...state, flip } } satisfies ToPanel);
  }

  #postMany(many: ManyView | null): void {
    void this.webviewPanel.webview.postMessage({ kind: "many", many } satisfies ManyMessage);
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
    this.#calm.dispose();
    this.#many.dispose();
    this.#smallest.dispose();
    this.#indicator.dispose();
  }
}
