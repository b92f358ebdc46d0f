import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import * as vscode from "vscode";
import type { ModelEntry, Parameter } from "../../export/describeSource.js";
import { weightSuffixes } from "../../export/exportKind.js";
import type { Failure } from "../../export/exportFailure.js";
import { sampleSuffixes, samplesBeside } from "../findFiles.js";
import type { ExportAnswers } from "./exportMemory.js";
import { parseShape } from "./shapeText.js";

/** A file, or the answer that there is none to be used. */
export type FileAnswer = { readonly file: string | undefined };

interface FileItem extends vscode.QuickPickItem {
  readonly pick: () => Promise<FileAnswer | undefined>;
}

/** Which class, function or variable of a Python file; no question when there is only one. Undefined when the person left. */
export async function askEntry(file: string, entries: readonly ModelEntry[], last: string | undefined): Promise<ModelEntry | undefined> {
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) return only;
  const ordered = [...entries].sort((a, b) => Number(b.name === last) - Number(a.name === last));
  const items = ordered.map((entry) => ({
    entry,
    label: entry.name,
    description: [kindWords(entry), ...(entry.name === last ? [vscode.l10n.t("last used")] : [])].join(" · "),
    iconPath: new vscode.ThemeIcon(entry.kind === "class" ? "symbol-class" : entry.kind === "function" ? "symbol-function" : "symbol-variable"),
  }));
  const picked = await vscode.window.showQuickPick(items, { title: title(file), placeHolder: vscode.l10n.t("Model to export"), matchOnDescription: true });
  return picked?.entry;
}

function kindWords({ kind, inner, line }: ModelEntry): string {
  if (kind === "function") return vscode.l10n.t("function that makes a model, line {0}", line);
  if (kind === "instance") return vscode.l10n.t("a model made in the file, line {0}", line);
  return inner ? vscode.l10n.t("part of another class, line {0}", line) : vscode.l10n.t("class, line {0}", line);
}

/** Which weights: files beside the source, another file, or fresh ones. */
export async function askWeights(file: string, last: ExportAnswers): Promise<FileAnswer | undefined> {
  const folder = dirname(file);
  const stem = basename(file, extname(file));
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => weightSuffixes.includes(extname(name).toLowerCase()));
  const rank = (name: string): number => (join(folder, name) === last.weights ? 0 : basename(name, extname(name)) === stem ? 1 : 2);
  const beside = names.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b)).map((name) => fileItem(join(folder, name), folder, "database", last.weights));
  const others = last.weights === undefined || dirname(last.weights) === folder ? [] : [fileItem(last.weights, folder, "database", last.weights)];
  const fresh: FileItem = {
    label: vscode.l10n.t("Without a file"),
    description: vscode.l10n.t("weights as the class makes them: random, unless it loads its own"),
    iconPath: new vscode.ThemeIcon("circle-slash"),
    alwaysShow: true,
    pick: () => Promise.resolve({ file: undefined }),
  };
  const browse = browseItem(vscode.l10n.t("Choose weights"), vscode.l10n.t("Weights"), weightSuffixes);
  return pickFile(file, vscode.l10n.t("Weights of the model"), [...others, ...beside, fresh, browse]);
}

/** Which samples the model is traced with and explained on. */
export async function askExportSamples(file: string, named: string | null, last: ExportAnswers): Promise<FileAnswer | undefined> {
  const folder = dirname(file);
  const files = [...new Set([last.samples, named ?? undefined, ...(await samplesBeside(file))].filter((one) => one !== undefined && one !== file))];
  const none: FileItem = {
    label: vscode.l10n.t("Without samples"),
    description: vscode.l10n.t("the sizes of the inputs are asked for where the model does not say them"),
    iconPath: new vscode.ThemeIcon("edit"),
    alwaysShow: true,
    pick: () => Promise.resolve({ file: undefined }),
  };
  const browse = browseItem(vscode.l10n.t("Choose samples"), vscode.l10n.t("Samples"), sampleSuffixes);
  return pickFile(file, vscode.l10n.t("Samples to export the model with and to explain"), [
    ...files.flatMap((one) => (one === undefined ? [] : [fileItem(one, folder, "table", last.samples)])),
    none,
    browse,
  ]);
}

/** What an export failed for want of, when a person can say it: arguments of the constructor, or sizes. Undefined when there is nothing to ask, or the person left. */
export async function askMissing(
  file: string,
  failure: Failure,
  parameters: readonly Parameter[],
  before: ExportAnswers,
): Promise<Pick<ExportAnswers, "arguments" | "shapes"> | undefined> {
  const names = failure.names ?? [];
  if (failure.kind === "argumentsMissing") {
    const given: Record<string, string> = {};
    for (const [i, name] of names.entries()) {
      const annotation = parameters.find((one) => one.name === name)?.annotation;
      const typed = await vscode.window.showInputBox({
        title: vscode.l10n.t("{0}: {1} ({2} of {3})", failure.maker ?? basename(file), name, i + 1, names.length),
        prompt: vscode.l10n.t(
          "A Python expression{0}, such as 10 or torch.zeros(8); the weights are called state",
          annotation === undefined ? "" : ` (${annotation})`,
        ),
        value: before.arguments?.[name] ?? "",
        ignoreFocusOut: true,
        validateInput: (text) => (text.trim() === "" ? vscode.l10n.t("A value is needed.") : undefined),
      });
      if (typed === undefined) return undefined;
      given[name] = typed.trim();
    }
    return { arguments: given };
  }
  if (failure.kind !== "noExample") return undefined;
  const shapes: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const typed = await vscode.window.showInputBox({
      title: vscode.l10n.t("{0}: {1} ({2} of {3})", basename(file), name, i + 1, names.length),
      prompt: [failure.reason ?? "", vscode.l10n.t("Sizes of one row of this input, such as 8 or 3, 224, 224; ids are 20 int64")]
        .filter((part) => part !== "")
        .join(" "),
      value: before.shapes?.[name] ?? "",
      ignoreFocusOut: true,
      validateInput: (text) => (parseShape(text) === undefined ? vscode.l10n.t("These are no sizes.") : undefined),
    });
    if (typed === undefined) return undefined;
    shapes[name] = typed;
  }
  return { shapes };
}

/** Which file to export, from the palette. */
export async function browseSource(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Choose a model"),
      canSelectMany: false,
      filters: {
        [vscode.l10n.t("Models of PyTorch, scikit-learn, LightGBM")]: ["py", "pt2", "pt", "pth", "ckpt", "joblib", "pkl", "pickle", "txt"],
        [vscode.l10n.t("All files")]: ["*"],
      },
    })) ?? [];
  return file?.fsPath;
}

function title(file: string): string {
  return vscode.l10n.t("Explain {0}", basename(file));
}

function fileItem(file: string, folder: string, icon: string, last: string | undefined): FileItem {
  const way = relative(folder, dirname(file));
  return {
    label: basename(file),
    description: [way, ...(file === last ? [vscode.l10n.t("last used")] : [])].filter((part) => part !== "").join(" · "),
    iconPath: new vscode.ThemeIcon(icon),
    pick: () => Promise.resolve({ file }),
  };
}

function browseItem(dialogTitle: string, kind: string, suffixes: readonly string[]): FileItem {
  return {
    label: vscode.l10n.t("Browse…"),
    iconPath: new vscode.ThemeIcon("folder-opened"),
    alwaysShow: true,
    pick: async () => {
      const filters = { [kind]: suffixes.map((suffix) => suffix.slice(1)), [vscode.l10n.t("All files")]: ["*"] };
      const [file] = (await vscode.window.showOpenDialog({ title: dialogTitle, canSelectMany: false, filters })) ?? [];
      return file === undefined ? undefined : { file: file.fsPath };
    },
  };
}

async function pickFile(file: string, placeHolder: string, items: readonly FileItem[]): Promise<FileAnswer | undefined> {
  return (await vscode.window.showQuickPick([...items], { title: title(file), placeHolder, matchOnDescription: true }))?.pick();
}
