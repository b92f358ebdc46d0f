import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { ExplainError, toDiagnostic } from "../../base/diagnostic.js";
import { samePath } from "../../base/samePath.js";
import type { PanelState } from "../../protocol/viewModel.js";
import { describeSource, requirePackages, type Description } from "../../export/describeSource.js";
import { ExportError } from "../../export/exportFailure.js";
import { exportKind } from "../../export/exportKind.js";
import { exportModel, planExport, type Exported, type ExportJob, type ExportTools } from "../../export/exportModel.js";
import { scriptFiles } from "../../export/scriptFiles.js";
import type { ExportKind } from "../../protocol/pythonExport.js";
import { askRow } from "../ask/askRow.js";
import type { Panels } from "../panels.js";
import { agreeToRun, requireTrust } from "../python/agreement.js";
import { askEntry, askExportSamples, askMissing, askWeights, browseSource } from "../python/askExport.js";
import { chosenPython } from "../python/chosenPython.js";
import type { ExportAnswers, ExportMemory } from "../python/exportMemory.js";
import { parseShape } from "../python/shapeText.js";
import { showExportError } from "../python/showExportError.js";
import type { Services } from "../services.js";
import { explainPrediction } from "./explainPrediction.js";
import { noticeText } from "../noticeText.js";

/** What an export is started with. */
interface Start {
  readonly file: string;
  readonly kind: ExportKind;
  readonly python: string;
  readonly description: Description;
  readonly run: { readonly python: string; readonly script: string; readonly log: (line: string) => void };
}

/**
 * "Explain PyTorch model" and its like: has the person's Python make an ONNX file, then goes on as for one. `argument` is the file that was right-clicked; the palette
 * asks for it. Settles with the panel's final state, or undefined when the person left or the export failed.
 */
export async function explainPythonModel(services: Services, panels: Panels, memory: ExportMemory, argument: unknown): Promise<PanelState | undefined> {
  let python: string | undefined;
  try {
    requireTrust();
    const file = argument instanceof vscode.Uri && argument.scheme === "file" ? argument.fsPath : await browseSource();
    if (file === undefined) return undefined;
    await vscode.workspace.textDocuments.find((document) => samePath(document.uri.fsPath, file))?.save();
    const kind = await exportKind(file);
    const interpreter = await chosenPython(vscode.Uri.file(file));
    python = interpreter.path;
    services.log.info(`Python: ${interpreter.path} (${interpreter.from})`);
    const script = vscode.Uri.joinPath(services.extensionUri, "media", "python", "export.py").fsPath;
    const run = { python, script, log: (line: string) => services.log.info(`[python] ${line}`) };
    const description = await describeSource(kind, file, rootOf(file), { ...run, signal: new AbortController().signal });
    requirePackages(description, python);
    const found = await makeFile(services, memory, { file, kind, python, description, run });
    if (found === undefined) return undefined;
    return await explain(services, panels, found.exported, found.samples);
  } catch (error) {
    if (toDiagnostic(error).code !== "CANCELLED") await showExportError(services.log, error, python);
    return undefined;
  }
}

async function makeFile(services: Services, memory: ExportMemory, start: Start): Promise<{ exported: Exported; samples: string | undefined } | undefined> {
  const { file, kind, python, description, run } = start;
  const tools = toolsOf(services);
  const last = memory.answersFor(file);
  const entries = description.entries ?? [];
  if (kind === "python" && entries.length === 0)
    throw new ExplainError(
      "MODEL_UNSUPPORTED",
      vscode.l10n.t("{0} has no class that inherits from nn.Module, and no function that makes one.", basename(file)),
      {
        file,
        hint: vscode.l10n.t("Choose the file with the model's class."),
      },
    );
  const entry = kind === "python" ? await askEntry(file, entries, last.name) : undefined;
  if (kind === "python" && entry === undefined) return undefined;
  const weights = entry?.kind === "class" ? await askWeights(file, last) : { file: undefined };
  if (weights === undefined) return undefined;
  const samples = await askExportSamples(file, (await tools.companions(file)).samples, last);
  if (samples === undefined) return undefined;
  const same = last.name === entry?.name;
  let answers: ExportAnswers = {
    ...(entry === undefined ? {} : { name: entry.name }),
    ...(weights.file === undefined ? {} : { weights: weights.file }),
    ...(samples.file === undefined ? {} : { samples: samples.file }),
    ...(same && last.arguments !== undefined ? { arguments: last.arguments } : {}),
    ...(same && last.shapes !== undefined && samples.file === undefined ? { shapes: last.shapes } : {}),
  };
  for (;;) {
    const job = jobOf(file, kind, answers);
    try {
      const exported = await tryExport(services, memory, start, job, tools);
      if (exported !== undefined) await memory.remember(file, answers);
      return exported === undefined ? undefined : { exported, samples: samples.file };
    } catch (error) {
      const more = error instanceof ExportError ? await askMissing(file, error.failure, entry?.parameters ?? [], last) : undefined;
      if (more === undefined) throw error;
      answers = { ...answers, arguments: { ...answers.arguments, ...more.arguments }, shapes: { ...answers.shapes, ...more.shapes } };
    }
  }

  async function tryExport(
    { log }: Services,
    remembered: ExportMemory,
    { description: described }: Start,
    job: ExportJob,
    worker: ExportTools,
  ): Promise<Exported | undefined> {
    const planned = await planExport(job, await scriptFiles(run.script), described, worker);
    if (planned.done !== undefined) return { model: planned.model, cached: true, ...planned.done };
    if (!(await agreeToRun(job, description, python, remembered))) return undefined;
    const progress = { location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t("Exporting {0} with Python …", basename(file)) };
    const exported = await vscode.window.withProgress(progress, (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return exportModel(job, planned, { ...run, signal: abort.signal }, worker);
    });
    log.info(`Exported: ${exported.model}`);
    if (exported.check !== null) log.info(`Compared with Python on ${exported.check.rows} samples: largest difference ${exported.check.difference}`);
    for (const note of exported.notes) void vscode.window.showInformationMessage(noticeText(note));
    return exported;
  }
}

/** On with the chosen samples, as for an ONNX file. */
async function explain(services: Services, panels: Panels, { model }: Exported, samples: string | undefined): Promise<PanelState | undefined> {
  if (samples === undefined) return explainPrediction(services, panels, vscode.Uri.file(model));
  const last = services.memory.choiceFor(model);
  const row = await askRow(services.client, model, samples, last?.samples !== undefined && samePath(last.samples, samples) ? last.row : undefined);
  if (row === undefined) return undefined;
  await services.memory.remember(model, { samples, row });
  const request = { model, samples, rows: [row] };
  return panels.open(request).run(request);
}

function jobOf(file: string, kind: ExportKind, { name, weights, samples, arguments: given = {}, shapes = {} }: ExportAnswers): ExportJob {
  const parsed = Object.entries(shapes).flatMap(([input, text]) => {
    const shape = parseShape(text);
    return shape === undefined ? [] : [[input, shape] as const];
  });
  return {
    kind,
    file,
    root: rootOf(file),
    arguments: given,
    shapes: Object.fromEntries(parsed),
    ...(name === undefined ? {} : { name }),
    ...(weights === undefined ? {} : { weights }),
    ...(samples === undefined ? {} : { samples }),
  };
}

/** The workspace folder that holds a file, else the file's own. */
function rootOf(file: string): string {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath ?? dirname(file);
}

function toolsOf({ client }: Services): ExportTools {
  return {
    companions: (source) => client.companions([source]),
    examples: (...given) => client.examples(given),
    sampleTable: (...given) => client.sampleTable(given),
    predictionCheck: (...given) => client.predictionCheck(given),
  };
}
