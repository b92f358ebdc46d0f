import * as vscode from "vscode";
import { speak } from "./protocol/words.js";
import { registerTools } from "./vscode/agent/tools.js";
import { createApi, type ExplainPredictionApi } from "./vscode/api.js";
import { CodeFeatures } from "./vscode/code/codeFeatures.js";
import { ModelSourceFinder } from "./vscode/code/modelSources.js";
import { commandIds, panelCommandIds } from "./vscode/commandIds.js";
import { tellOfCrashes } from "./vscode/crashNotice.js";
import { ExplanationTree } from "./vscode/history/explanationTree.js";
import { isolationOf } from "./vscode/isolation.js";
import { Memory } from "./vscode/memory.js";
import { trackModelFolders } from "./vscode/modelFolders.js";
import { once } from "./vscode/once.js";
import type { Panels } from "./vscode/panels.js";
import { ExportMemory } from "./vscode/python/exportMemory.js";
import { trackModuleFiles } from "./vscode/python/moduleFiles.js";
import { isolationSetting, limitSettings } from "./vscode/settings.js";
import type { Services } from "./vscode/services.js";
import { ShownExplanations } from "./vscode/shownExplanations.js";
import { viewTypes } from "./vscode/viewTypes.js";
import { createCrashMemory } from "./worker/crashMemory.js";
import { createWorkerClient, type ClientOptions, type WorkerClient } from "./worker/client.js";
import { mapsWeights } from "./worker/mapsWeights.js";

let client: WorkerClient | undefined;

/**
 * Wires the parts together. What is imported above runs whenever the editor starts; the rest is loaded when it is first used, and the worker starts with the first
 * request. Other extensions get what docs/api.md describes.
 */
export function activate(context: vscode.ExtensionContext): ExplainPredictionApi {
  speak(vscode.l10n.bundle ?? {});
  const log = vscode.window.createOutputChannel("Explain Prediction", { log: true });
  const crashes = createCrashMemory(vscode.Uri.joinPath(context.globalStorageUri, "crashes").fsPath);
  const workerFile = vscode.Uri.joinPath(context.extensionUri, "dist", "worker.cjs").fsPath;
  const isolation: ClientOptions["isolation"] = (file) =>
    isolationOf(isolationSetting(), { trusted: vscode.workspace.isTrusted, crashed: () => crashes.crashed(file), mapped: () => mapsWeights(file) });
  client = createWorkerClient(workerFile, { crashes, limits: limitSettings, isolation });
  /** One more worker, for work that takes all cores; it takes no notes of crashes, which are of one worker at a time. */
  const startWorker = (): WorkerClient => createWorkerClient(workerFile, { limits: limitSettings, isolation });
  tellOfCrashes(crashes.found);
  const shown = new ShownExplanations();
  const services: Services = { client, log, memory: new Memory(context.workspaceState), shown, extensionUri: context.extensionUri };
  const exports = new ExportMemory(context.workspaceState);
  const loaded = once(async () => (await import("./vscode/panelCommands.js")).panelCommands(services, exports));
  const panels = async (): Promise<Panels> => (await loaded()).panels;
  const finder = new ModelSourceFinder(client);
  const api = createApi(services, finder);
  context.subscriptions.push(
    log,
    shown,
    api,
    new CodeFeatures(services, panels, finder),
    registerTools(services),
    new ExplanationTree(services, panels, context.workspaceState),
    trackModelFolders(),
    trackModuleFiles(),
    vscode.window.registerWebviewPanelSerializer(viewTypes.panel, {
      deserializeWebviewPanel: async (panel, saved: unknown) => (await panels()).deserializeWebviewPanel(panel, saved),
    }),
    ...panelCommandIds.map((id) => vscode.commands.registerCommand(id, async (argument: unknown) => (await loaded()).run[id](argument))),
    vscode.commands.registerCommand(commandIds.explainDataset, async (argument: unknown) => {
      const { explainDataset } = await import("./vscode/commands/explainDataset.js");
      return explainDataset(services, startWorker, argument);
    }),
    vscode.commands.registerCommand(commandIds.writeSidecar, async (argument: unknown) => {
      const { writeSidecar } = await import("./vscode/commands/writeSidecar.js");
      return writeSidecar(services, argument);
    }),
    vscode.commands.registerCommand(commandIds.showLog, () => log.show()),
  );
  return api;
}

/** The editor waits for this: a runtime that works is let finish its step before the process ends. */
export function deactivate(): Promise<void> | undefined {
  return client?.dispose();
}
