import { basename } from "node:path";
import * as vscode from "vscode";
import { ExplainError, formatDiagnostic, toDiagnostic } from "../../base/diagnostic.js";
import { unfinishedPlan } from "../../worker/batch/journal.js";
import type { BatchQuestion } from "../../worker/batch/runBatch.js";
import type { WorkerClient } from "../../worker/client.js";
import { askModel, askModelBeside } from "../ask/askModel.js";
import { askDataset, askResultFile, askUnfinished, isDataset } from "../dataset/askDataset.js";
import { showDatasetReport } from "../dataset/datasetPanel.js";
import { runDataset } from "../dataset/runDataset.js";
import { isModel, modelsBeside } from "../findFiles.js";
import type { Services } from "../services.js";
import { noticeText } from "../noticeText.js";

/**
 * "Explain dataset": every row of a data set, into a file, with the summary in a panel. `argument` is the file that was right-clicked, a model or data beside one.
 * A run that was cancelled or cut off is continued where it stopped.
 */
export async function explainDataset(services: Services, startWorker: () => WorkerClient, argument: unknown): Promise<void> {
  try {
    const question = await ask(services, argument);
    if (question === undefined) return;
    for (let next = question; ; next = { ...question, unfinished: "continue" }) {
      const end = await runDataset(next, startWorker, services);
      if (end.kind === "done") return showDatasetReport(end.outcome);
      if (!end.again) return;
    }
  } catch (error) {
    void vscode.window.showErrorMessage(noticeText(formatDiagnostic(toDiagnostic(error))));
  }
}

async function ask({ memory }: Services, argument: unknown): Promise<BatchQuestion | undefined> {
  const clicked = argument instanceof vscode.Uri && argument.scheme === "file" ? argument.fsPath : undefined;
  const data = clicked !== undefined && isDataset(clicked) ? clicked : undefined;
  const model = clicked !== undefined && isModel(clicked) ? clicked : data !== undefined ? await modelOf(data, memory) : await askModel(memory);
  if (model === undefined) return undefined;
  const samples = data ?? (await askDataset(model));
  if (samples === undefined) return undefined;
  const place = await askResultFile(samples);
  if (place === undefined) return undefined;
  const unfinished = (await unfinishedPlan(place.out)) === undefined ? "refuse" : await askUnfinished(place.out);
  if (unfinished === undefined) return undefined;
  // The dialog has asked about a file that is there.
  return { request: { model, samples }, ...place, unfinished, overwrite: true, anyway: false };
}

async function modelOf(data: string, memory: Services["memory"]): Promise<string | undefined> {
  const models = await modelsBeside(data);
  if (models.length === 0)
    throw new ExplainError("FILE_NOT_FOUND", vscode.l10n.t("There is no model beside {0}.", basename(data)), {
      hint: vscode.l10n.t("Start from the model instead, and choose this file as its data."),
    });
  return askModelBeside(models, memory);
}
