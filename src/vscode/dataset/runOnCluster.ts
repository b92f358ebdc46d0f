import { basename } from "node:path";
import * as vscode from "vscode";
import { plainText } from "../../base/plainText.js";
import type { DiagnosticCode } from "../../base/diagnostic.js";
import { clusterPace } from "../../worker/batch/pace.js";
import type { WorkerClient } from "../../worker/client.js";
import { runRayBatch, type RayBatch } from "../../worker/rayBatch.js";
import type { Services } from "../services.js";
import { askAddress, hostOf } from "./askAddress.js";
import { sayEnd, type DatasetEnd, type Offer } from "./datasetEnd.js";
import { paceReporter, withDatasetProgress } from "./datasetProgress.js";

/** After these, what was written is worth going on with. */
const resumable: ReadonlySet<DiagnosticCode> = new Set(["DISK_FULL", "RAY_FAILED", "RAY_UNREACHABLE", "FILE_EXISTS"]);

/** Explains a data set on a Ray cluster behind a notification; what the job prints goes to the log. Cancelling stops the job on the cluster. */
export async function runOnCluster(batch: Omit<RayBatch, "driver">, startWorker: () => WorkerClient, services: Services): Promise<DatasetEnd> {
  const { address, question, request } = batch;
  const { log, extensionUri } = services;
  const driver = vscode.Uri.joinPath(extensionUri, "media", "ray").fsPath;
  const worker = startWorker();
  try {
    const { outcome, summary } = await withDatasetProgress(
      vscode.l10n.t("Explaining {0} on {1}", basename(question.data), hostOf(address) ?? address),
      (progress, signal) => {
        const report = paceReporter(progress, signal);
        const watch = {
          signal,
          started: (job: string) => {
            log.info(`[ray] ${address}: ${job}`);
            report(vscode.l10n.t("Waiting for the cluster"));
          },
          progress: (now: Parameters<typeof clusterPace>[0]) => report("", clusterPace(now)),
          log: (line: string) => log.info(`[ray] ${plainText(line)}`),
        };
        return runRayBatch({ ...batch, driver }, worker, watch, { signal, progress: ({ message }) => report(message) });
      },
    );
    return { kind: "done", result: { out: question.out, rejects: null, summary, rows: outcome.rows - outcome.rejected } };
  } catch (error) {
    const cancelled = vscode.l10n.t("Cancelled. The job was stopped on the cluster; the rows that it has written are kept.");
    return await sayEnd(error, { model: request.model, cancelled, resumable, offers: (code) => offersFor(code, address, log) }, services);
  } finally {
    await worker.dispose();
  }
}

function offersFor(code: DiagnosticCode, address: string, log: vscode.LogOutputChannel): readonly Offer[] {
  if (code === "FILE_EXISTS") return [];
  if (code === "RAY_UNREACHABLE" || code === "RAY_VERSION" || hostOf(address) === undefined)
    return [{ label: vscode.l10n.t("Change address"), run: async () => (await askAddress(address)) !== undefined }];
  const show = (): Promise<boolean> => {
    log.show();
    return Promise.resolve(false);
  };
  return [{ label: vscode.l10n.t("Show log"), run: show }];
}
