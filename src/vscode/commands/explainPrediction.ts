import { basename, extname } from "node:path";
import * as vscode from "vscode";
import { ExplainError, formatDiagnostic, toDiagnostic } from "../../base/diagnostic.js";
import type { ExplainRequest } from "../../protocol/request.js";
import type { PanelState } from "../../protocol/viewModel.js";
import { askModel, askModelBeside } from "../ask/askModel.js";
import { askRow } from "../ask/askRow.js";
import { askSamples } from "../ask/askSamples.js";
import { isModel, modelsBeside } from "../findFiles.js";
import type { Panels } from "../panels.js";
import { parseRequest } from "../savedRequest.js";
import type { Services } from "../services.js";
import { noticeText } from "../noticeText.js";

/** What is already known when the command starts. */
interface Known {
  readonly model: string;
  readonly samples?: string;
}

/**
 * "Explain prediction": asks for what it can't know (model, samples, row), then opens the panel and explains.
 * `argument` is the file that was right-clicked (a model or samples beside one), or a whole request from a keybinding or another extension.
 * Settles with the panel's final state, or undefined when the person left before there was anything to explain.
 */
export async function explainPrediction(services: Services, panels: Panels, argument: unknown): Promise<PanelState | undefined> {
  const request = argument instanceof vscode.Uri ? undefined : parseRequest(argument);
  if (request !== undefined) return panels.open(request).run(request);

  const known = await startingPoint(services, argument).catch((error: unknown) => {
    void vscode.window.showErrorMessage(noticeText(formatDiagnostic(toDiagnostic(error))));
    return undefined;
  });
  if (known === undefined) return undefined;
  let chosen = known;
  try {
    const complete = await ask(services, known, (samples) => {
      chosen = { ...known, samples };
    });
    return complete === undefined ? undefined : await panels.open(complete).run(complete);
  } catch (error) {
    const panel = panels.open(chosen);
    panel.fail(error);
    return panel.state;
  }
}

async function startingPoint({ memory }: Services, argument: unknown): Promise<Known | undefined> {
  if (!(argument instanceof vscode.Uri)) {
    const model = await askModel(memory);
    return model === undefined ? undefined : { model: checkedModel(model) };
  }
  if (argument.scheme !== "file")
    throw new ExplainError("FILE_NOT_FOUND", vscode.l10n.t("{0} is not a file on this machine.", basename(argument.path)), {
      hint: vscode.l10n.t("Save it to a folder first: models are run from disk."),
    });
  const file = argument.fsPath;
  if (isModel(file) || extname(file).toLowerCase() === ".ort") return { model: checkedModel(file) };
  const models = await modelsBeside(file);
  if (models.length === 0)
    throw new ExplainError("FILE_NOT_FOUND", vscode.l10n.t("There is no model beside {0}.", basename(file)), {
      hint: vscode.l10n.t("Start from the model instead, and choose this file as its samples."),
    });
  const model = await askModelBeside(models, memory);
  return model === undefined ? undefined : { model, samples: file };
}

function checkedModel(file: string): string {
  if (extname(file).toLowerCase() !== ".ort") return file;
  throw new ExplainError(
    "MODEL_UNSUPPORTED",
    vscode.l10n.t("{0} is in ONNX Runtime's own format, which can be run but not differentiated: its graph has already been compiled.", basename(file)),
    {
      hint: vscode.l10n.t("Explain the .onnx file that it was made from."),
    },
  );
}

/** The rest of the questions. Rejects with the diagnostics of a model or a sample file that can't be used. */
async function ask({ client, memory }: Services, { model, samples }: Known, chosen: (samples: string) => void): Promise<ExplainRequest | undefined> {
  const last = memory.choiceFor(model);
  const opening = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Opening {0} …", basename(model)) };
  const sidecarSamples = await vscode.window.withProgress(opening, async () => {
    await client.inspect([model]);
    // No sidecar, or one that names no samples, is no failure here: the question has other answers.
    return samples ?? (await client.samples([model, undefined, { from: 0, count: 0 }]).catch(() => undefined))?.file;
  });
  const source = samples === undefined ? await askSamples(client, model, last, sidecarSamples) : { kind: "file" as const, file: samples };
  if (source === undefined) return undefined;
  if (source.kind === "values") {
    await memory.remember(model, { values: source.values });
    return { model, values: source.values };
  }
  chosen(source.file);
  const row = await askRow(client, model, source.file, source.file === last?.samples ? last.row : undefined);
  if (row === undefined) return undefined;
  await memory.remember(model, { samples: source.file, row });
  return { model, samples: source.file, rows: [row] };
}
