import { extname } from "node:path";
import * as vscode from "vscode";
import { formatDiagnostic, toDiagnostic } from "../../base/diagnostic.js";
import { askModel } from "../ask/askModel.js";
import { openSidecar } from "../modelView/writeSidecar.js";
import type { Services } from "../services.js";
import { noticeText } from "../noticeText.js";

/** "Write sidecar": opens the settings file beside a model, written from what was inferred when there is none. `argument` is the model that was right-clicked. */
export async function writeSidecar({ client, memory }: Services, argument: unknown): Promise<void> {
  const model =
    argument instanceof vscode.Uri && argument.scheme === "file" && extname(argument.fsPath).toLowerCase() === ".onnx"
      ? argument.fsPath
      : await askModel(memory);
  if (model === undefined) return;
  try {
    await openSidecar(client, model);
  } catch (error) {
    void vscode.window.showErrorMessage(noticeText(formatDiagnostic(toDiagnostic(error))));
  }
}
