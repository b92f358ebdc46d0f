import { basename } from "node:path";
import * as vscode from "vscode";
import * as v from "valibot";
import { samePath } from "../../base/samePath.js";
import type { LayerSource } from "../../protocol/trace.js";
import { askModel } from "../ask/askModel.js";
import type { Services } from "../services.js";
import type { ModelSourceFinder } from "./modelSources.js";
import { revealStart } from "./revealStart.js";
import { noticeText } from "../noticeText.js";
import { viewTypes } from "../viewTypes.js";

/** A layer of a model, by module path or by the name of its value. */
export const layerPlace = v.object({ model: v.string(), layer: v.string(), quiet: v.optional(v.boolean(), false) });

/**
 * "Go to layer source": the line that defines a layer. Without an argument it asks for the model and the layer; `quiet` only scrolls to it where its file is in sight.
 * Settles with the line that is shown, or undefined.
 */
export async function goToLayer(services: Services, finder: ModelSourceFinder, argument: unknown): Promise<vscode.Location | undefined> {
  const named = v.safeParse(layerPlace, argument);
  const model = named.success ? named.output.model : await modelToSearch(services);
  if (model === undefined) return undefined;
  const { layers } = await finder.find(model);
  const found = named.success ? layerAt(services, model, named.output.layer, layers) : await askLayer(model, layers);
  if (named.success && named.output.quiet) return found === undefined ? undefined : scrollTo(found);
  if (found === undefined) {
    if (named.success || layers.size === 0)
      void vscode.window.showInformationMessage(
        noticeText(vscode.l10n.t("The source of {0} was not found in this workspace.", named.success ? named.output.layer : basename(model))),
      );
    return undefined;
  }
  return show(found);
}

async function modelToSearch({ shown, memory }: Services): Promise<string | undefined> {
  return shown.models.length === 1 ? shown.models[0] : askModel(memory);
}

function layerAt(services: Services, model: string, layer: string, layers: ReadonlyMap<string, LayerSource>): LayerSource | undefined {
  const path = services.shown.get(model)?.layers?.layers.find(({ value }) => value === layer)?.path;
  return layers.get(layer) ?? (path === undefined ? undefined : layers.get(path));
}

async function askLayer(model: string, layers: ReadonlyMap<string, LayerSource>): Promise<LayerSource | undefined> {
  if (layers.size === 0) return undefined;
  const items = [...layers].map(([path, source]) => ({ label: path, description: describe(source), source }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Go to layer source: {0}", basename(model)),
    placeHolder: vscode.l10n.t("Layer"),
    matchOnDescription: true,
  });
  return picked?.source;
}

const describe = (source: LayerSource): string => {
  const { file, line } = lineOf(source);
  return `${vscode.workspace.asRelativePath(file)}:${line}`;
};

/** The line that defines a layer, else one that calls it. */
function lineOf({ file, definition, calls }: LayerSource): { readonly file: string; readonly line: number } {
  return definition === null ? (calls[0] ?? { file, line: 1 }) : { file, line: definition };
}

function scrollTo(source: LayerSource): vscode.Location | undefined {
  const { file, line } = lineOf(source);
  const editor = vscode.window.visibleTextEditors.find(({ document }) => samePath(document.uri.fsPath, file));
  if (editor === undefined || line > editor.document.lineCount) return undefined;
  const { range } = editor.document.lineAt(line - 1);
  revealStart(editor, range);
  return new vscode.Location(editor.document.uri, range);
}

async function show(source: LayerSource): Promise<vscode.Location> {
  const place = lineOf(source);
  const uri = vscode.Uri.file(place.file);
  const position = new vscode.Position(place.line - 1, 0);
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: columnForCode(uri), selection: new vscode.Range(position, position), preview: true });
  const { range } = editor.document.lineAt(Math.min(position.line, editor.document.lineCount - 1));
  // The cursor stands at the beginning, so that a narrow editor shows the code and not what is written behind it.
  editor.selection = new vscode.Selection(range.end, range.start.translate(0, editor.document.lineAt(range.start.line).firstNonWhitespaceCharacterIndex));
  revealStart(editor, range);
  if (source.differs === true) void vscode.window.setStatusBarMessage(vscode.l10n.t("The source differs from the exported model."), 5000);
  return new vscode.Location(uri, range);
}

/** Where code is looked at: the column that shows the file, else one without a panel, else beside. */
function columnForCode(uri: vscode.Uri): vscode.ViewColumn {
  const groups = vscode.window.tabGroups.all;
  const shows = groups.find(({ tabs }) => tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()));
  const free = groups.find(({ activeTab }) => !(activeTab?.input instanceof vscode.TabInputWebview && activeTab.input.viewType.includes(viewTypes.panel)));
  return (shows ?? free)?.viewColumn ?? vscode.ViewColumn.Beside;
}
