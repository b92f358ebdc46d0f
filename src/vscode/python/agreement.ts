import { basename } from "node:path";
import * as vscode from "vscode";
import { ExplainError } from "../../base/diagnostic.js";
import type { Description } from "../../export/describeSource.js";
import type { ExportJob } from "../../export/exportModel.js";
import { exportKey } from "../../export/exportKey.js";
import type { ExportMemory } from "./exportMemory.js";

/** Throws NOT_TRUSTED in a workspace that the person does not trust: exporting runs the model's code. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new ExplainError("NOT_TRUSTED", vscode.l10n.t("Exporting runs the model's own Python code, and this workspace is not trusted."), {
    hint: vscode.l10n.t("Trust the workspace if you know where its code comes from. ONNX files can be explained without."),
  });
}

/** Shows what will run and asks once for these contents in this interpreter. Resolves to whether the person agreed. */
export async function agreeToRun(job: ExportJob, description: Description, python: string, memory: ExportMemory): Promise<boolean> {
  const pickled = job.weights === undefined ? [] : [job.weights];
  const hash = await exportKey({ files: [...description.files, ...pickled], facts: { python, name: job.name } });
  if (memory.agreed(hash)) return true;
  const lines = [
    vscode.l10n.t("File: {0}", job.file),
    ...(job.name === undefined ? [] : [vscode.l10n.t("Model: {0}", job.name)]),
    ...(job.weights === undefined ? [] : [vscode.l10n.t("Weights: {0}", job.weights)]),
    vscode.l10n.t("Python: {0} ({1})", python, description.python.version),
    "",
    job.kind === "sklearn" || job.kind === "pt"
      ? vscode.l10n.t("A pickled file can run any code when it is loaded. Export it only if you know where it comes from.")
      : vscode.l10n.t("The model's code runs on this machine with your rights. This is asked again when a file changes."),
  ];
  const agree = vscode.l10n.t("Export");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t("Run {0} to make an ONNX file of it?", basename(job.file)),
    { modal: true, detail: lines.join("\n") },
    agree,
  );
  if (answer !== agree) return false;
  await memory.agree(hash);
  return true;
}
