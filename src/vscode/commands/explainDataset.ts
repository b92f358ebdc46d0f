import { basename } from "node:path";
import * as vscode from "vscode";
import { ExplainError, formatDiagnostic, toDiagnostic } from "../../base/diagnostic.js";
import { unfinishedPlan } from "../../worker/batch/journal.js";
import type { WorkerClient } from "../../worker/client.js";
import { askModel, askModelBeside } from "../ask/askModel.js";
import { askClusterPlaces } from "../dataset/askClusterPlaces.js";
import { askDataset, askResultFile, askUnfinished, isDataset } from "../dataset/askDataset.js";
import { askEngine } from "../dataset/askEngine.js";
import { clusterAddress } from "../dataset/clusterAddress.js";
import type { DatasetEnd } from "../dataset/datasetEnd.js";
import { showDatasetReport } from "../dataset/datasetPanel.js";
import { runDataset } from "../dataset/runDataset.js";
import { runOnCluster } from "../dataset/runOnCluster.js";
import { isModel, modelsBeside } from "../findFiles.js";
import type { Services } from "../services.js";
import { noticeText } from "../noticeText.js";

/** A run of a data set; `goOn`: after one that was cancelled or cut off. */
type DatasetRun = (goOn: boolean) => Promise<DatasetEnd>;

/**
 * "Explain dataset": every row of a data set, here or on a Ray cluster, with the summary in a panel. `argument` is the file that was right-clicked, a model or data
 * beside one. A run that was cancelled or cut off is continued where it stopped.
 */
export async function explainDataset(services: Services, startWorker: () => WorkerClient, argument: unknown): Promise<void> {
  try {
    const run = await ask(services, startWorker, argument);
    for (let end = await run?.(false); end !== undefined; end = end.again ? await run?.(true) : undefined)
      if (end.kind === "done") return showDatasetReport(end.result);
  } catch (error) {
    void vscode.window.showErrorMessage(noticeText(formatDiagnostic(toDiagnostic(error))));
  }
}

async function ask(services: Services, startWorker: () => WorkerClient, argument: unknown): Promise<DatasetRun | undefined> {
  const { memory } = services;
  const clicked = argument instanceof vscode.Uri && argument.scheme === "file" ? argument.fsPath : undefined;
  const data = clicked !== undefined && isDataset(clicked) ? clicked : undefined;
  const model = clicked !== undefined && isModel(clicked) ? clicked : data !== undefined ? await modelOf(data, memory) : await askModel(memory);
  if (model === undefined) return undefined;
  const samples = data ?? (await askDataset(model));
  if (samples === undefined) return undefined;
  const engine = await askEngine(samples);
  if (engine === undefined) return undefined;
  const request = { model, samples };
  return engine.kind === "ray" ? onCluster(request, engine.address, startWorker, services) : onThisMachine(request, startWorker, services);
}

async function onThisMachine(
  request: { readonly model: string; readonly samples: string },
  startWorker: () => WorkerClient,
  services: Services,
): Promise<DatasetRun | undefined> {
  const place = await askResultFile(request.samples);
  if (place === undefined) return undefined;
  const unfinished = (await unfinishedPlan(place.out)) === undefined ? "refuse" : await askUnfinished(place.out);
  if (unfinished === undefined) return undefined;
  // The dialog has asked about a file that is there.
  const question = { request, ...place, overwrite: true, anyway: false };
  return (goOn) => runDataset({ ...question, unfinished: goOn ? "continue" : unfinished }, startWorker, services);
}

async function onCluster(
  request: { readonly model: string; readonly samples: string },
  address: string,
  startWorker: () => WorkerClient,
  services: Services,
): Promise<DatasetRun | undefined> {
  const places = await askClusterPlaces(request.samples);
  if (places === undefined) return undefined;
  // Another address may have been set after a run that reached nothing.
  return (resume) => runOnCluster({ address: clusterAddress() ?? address, request, question: { ...places, resume } }, startWorker, services);
}

async function modelOf(data: string, memory: Services["memory"]): Promise<string | undefined> {
  const models = await modelsBeside(data);
  if (models.length === 0)
    throw new ExplainError("FILE_NOT_FOUND", vscode.l10n.t("There is no model beside {0}.", basename(data)), {
      hint: vscode.l10n.t("Start from the model instead, and choose this file as its data."),
    });
  return askModelBeside(models, memory);
}
