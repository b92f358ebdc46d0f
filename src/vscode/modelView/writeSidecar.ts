import { stat } from "node:fs/promises";
import { basename } from "node:path";
import * as vscode from "vscode";
import type { Inspection } from "../../protocol/explanation.js";
import { samplesBeside } from "../findFiles.js";
import { inferredSidecar } from "./inferredSidecar.js";

/** The sidecar's place beside a model. */
export const sidecarOf = (model: string): string => model.replace(/\.(onnx|ort)$/i, ".explain.json");

export async function hasSidecar(model: string): Promise<boolean> {
  return (await stat(sidecarOf(model)).catch(() => undefined))?.isFile() === true;
}

/** Opens the model's sidecar, written from what was inferred when there is none. One that exists is never changed. */
export async function openSidecar(model: string, inspection: Inspection): Promise<void> {
  const uri = vscode.Uri.file(sidecarOf(model));
  if (!(await hasSidecar(model))) {
    const [samples] = await samplesBeside(model);
    const text = `${JSON.stringify(inferredSidecar(inspection, samples === undefined ? undefined : basename(samples)), null, 2)}\n`;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  }
  await vscode.window.showTextDocument(uri);
}
