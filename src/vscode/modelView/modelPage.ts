import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { toDiagnostic } from "../../base/diagnostic.js";
import type { ModelOutline } from "../../protocol/explanation.js";
import type { FromModelView, LayerCredit, ModelAbilities, ToModelView } from "../../protocol/modelView.js";
import type { LayerSource } from "../../protocol/trace.js";
import type { ModelSourceFinder } from "../code/modelSources.js";
import { commandIds } from "../commandIds.js";
import { panelHtml } from "../panelHtml.js";
import type { Panels } from "../panels.js";
import type { Services } from "../services.js";
import { watchFiles } from "../watchFiles.js";
import { parseModelMessage } from "./modelMessage.js";
import { hasSidecar, openSidecar, sidecarOf } from "./writeSidecar.js";

/** Fills a model view's webview: what is in an ONNX file, read-only. */
export function openModelPage(
  uri: vscode.Uri,
  { webview, onDidDispose }: vscode.WebviewPanel,
  services: Services,
  panels: () => Promise<Panels>,
  finder: ModelSourceFinder,
): void {
  const { extensionUri } = services;
  webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist"), vscode.Uri.joinPath(extensionUri, "media")] };
  const page = new ModelPage(uri.fsPath, (message) => void webview.postMessage(message), services, panels, finder);
  onDidDispose(() => page.dispose());
  // While the editor still makes the page.
  void page.read().catch((error: unknown) => services.log.error(error instanceof Error ? error : String(error)));
  webview.onDidReceiveMessage((message: unknown) => {
    const intent = parseModelMessage(message);
    if (intent === undefined) services.log.warn("The model view sent a message that it may not send; it was dropped.");
    else void page.act(intent).catch((error: unknown) => services.log.error(error instanceof Error ? error : String(error)));
  });
  webview.html = panelHtml({
    script: webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "model.js")).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "media", "model.css")).toString(),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString("base64"),
  });
}

/** One open model view: reads the model, follows its file and its explanations. */
class ModelPage {
  readonly #subscriptions: { dispose(): void }[];
  #loaded = false;
  #last: ToModelView = { kind: "reading" };
  #outline: ModelOutline | null = null;
  #inspection: ModelAbilities | null = null;
  #ranges: LayerCredit["ranges"] = {};

  constructor(
    private readonly model: string,
    private readonly post: (message: ToModelView) => void,
    private readonly services: Services,
    private readonly panels: () => Promise<Panels>,
    private readonly finder: ModelSourceFinder,
  ) {
    this.#subscriptions = [
      watchFiles([model, sidecarOf(model)], () => void this.read()),
      services.shown.onDidChange((changed) => {
        if (changed === model) void this.#follow();
      }),
    ];
  }

  async act(intent: FromModelView): Promise<void> {
    switch (intent.kind) {
      case "ready":
        this.#loaded = true;
        return this.post(this.#last);
      case "retry":
        return this.read();
      case "explain":
        await vscode.commands.executeCommand(commandIds.explain, vscode.Uri.file(this.model));
        return;
      case "sidecar":
        return openSidecar(this.services.client, this.model);
      case "source":
        await vscode.commands.executeCommand(commandIds.goToLayer, { model: this.model, layer: intent.layer });
        return;
      case "layer": {
        const shown = this.services.shown.get(this.model);
        const value = shown?.layers?.layers.find(({ path }) => path === intent.layer)?.value;
        if (shown !== undefined && value !== undefined) await (await this.panels()).openLayer(shown.explanation.request, value);
        return;
      }
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Reads the model, and tells what is in it as soon as it is known. */
  async read(): Promise<void> {
    this.#tell({ kind: "reading" });
    this.#inspection = null;
    const { client } = this.services;
    try {
      this.#outline = await client.outline([this.model]);
      await this.#show();
      // The workspace may hold source that does not lie below the model: looked for once the model is on the screen.
      const [{ layers: _, ...inspection }, { layers }] = await Promise.all([client.inspect([this.model]), this.finder.find(this.model)]);
      this.#inspection = inspection;
      const source = (path: string): LayerSource | undefined => nearby(layers.get(path), dirname(this.model));
      this.#outline = { ...this.#outline, layers: this.#outline.layers.map((layer) => ({ ...layer, source: source(layer.path) ?? layer.source })) };
      await this.#follow();
    } catch (error) {
      this.#tell({ kind: "failed", diagnostic: toDiagnostic(error) });
    }
  }

  /** What was said before the page listened is said again when it does. */
  #tell(message: ToModelView): void {
    this.#last = message;
    if (this.#loaded) this.post(message);
  }

  async #show(): Promise<void> {
    if (this.#outline === null) return;
    const sidecar = await hasSidecar(this.model);
    this.#tell({ kind: "model", state: { file: this.model, outline: this.#outline, inspection: this.#inspection, sidecar, credit: this.#credit() } });
  }

  /** The credit of a new explanation at once, then what its row does in every layer. */
  async #follow(): Promise<void> {
    this.#ranges = {};
    await this.#show();
    const shown = this.services.shown.get(this.model);
    if (shown?.layers === undefined) return;
    const measured = await this.services.client.activations([shown.explanation.request]).catch(() => []);
    if (this.services.shown.get(this.model) !== shown) return;
    this.#ranges = Object.fromEntries(measured.map(({ path, least, most }) => [path, [least, most] as const]));
    await this.#show();
  }

  #credit(): LayerCredit | null {
    const shown = this.services.shown.get(this.model);
    if (shown?.layers === undefined) return null;
    const shares = shown.layers.layers.map(({ path, share }) => [path, Number.isFinite(share) ? share : null] as const);
    return { target: shown.view.target, shares: Object.fromEntries(shares), ranges: this.#ranges };
  }
}

/** File names as people know them: from the model's folder or the workspace's. */
function nearby(source: LayerSource | undefined, folder: string): LayerSource | undefined {
  if (source === undefined) return undefined;
  const own = `${folder.replace(/\\/g, "/")}/`;
  const name = (file: string): string => (file.startsWith(own) ? file.slice(own.length) : vscode.workspace.asRelativePath(file));
  return { ...source, file: name(source.file), calls: source.calls.map((call) => ({ ...call, file: name(call.file) })) };
}
