import { basename, dirname, extname, join } from "node:path";
import * as vscode from "vscode";
import { noticeText } from "./noticeText.js";
import { saveFile } from "./saveFile.js";

interface Picture {
  readonly name: string;
  readonly format: "svg" | "png";
  /** SVG text, or a PNG in base 64. */
  readonly data: string;
}

/** Asks where to, and writes a chart as the page drew it. `model` names the folder and the file that are proposed. */
export async function savePicture({ name, format, data }: Picture, model: string): Promise<void> {
  const chart = name.replaceAll(/[^\w.-]+/gu, "-");
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(dirname(model), `${basename(model, extname(model))}-${chart}.${format}`)),
    filters: { [format.toUpperCase()]: [format] },
    title: vscode.l10n.t("Save the picture"),
  });
  if (target === undefined) return;
  if (!(await saveFile(target, format === "svg" ? data : Buffer.from(data, "base64")))) return;
  void vscode.window.showInformationMessage(noticeText(vscode.l10n.t("Saved {0}.", basename(target.fsPath))));
}
