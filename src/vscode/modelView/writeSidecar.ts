import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { companionFolder } from "../../base/exportPlace.js";
import { writeWhole } from "../../base/writeWhole.js";
import type { WorkerClient } from "../../worker/client.js";

/** The sidecar's place beside a model. */
export const sidecarOf = (model: string): string => join(companionFolder(model), basename(model).replace(/\.(onnx|ort)$/i, ".explain.json"));

export async function hasSidecar(model: string): Promise<boolean> {
  return (await stat(sidecarOf(model)).catch(() => undefined))?.isFile() === true;
}

/** Opens the model's sidecar, written from what was inferred when there is none. One that exists is never changed. Throws DISK_FULL and FILE_NOT_FOUND. */
export async function openSidecar(client: WorkerClient, model: string): Promise<void> {
  const file = sidecarOf(model);
  if (!(await hasSidecar(model))) {
    const { text } = await client.sidecar([model]);
    await writeWhole(file, text);
  }
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}
