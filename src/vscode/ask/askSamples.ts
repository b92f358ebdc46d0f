import { basename, dirname, relative } from "node:path";
import * as vscode from "vscode";
import type { WorkerClient } from "../../worker/client.js";
import { sampleSuffixes, samplesBeside } from "../findFiles.js";
import type { LastChoice } from "../memory.js";
import { askValues } from "./askValues.js";

/** Where the sample comes from: a file, or values given by input name. */
export type SampleSource = { readonly kind: "file"; readonly file: string } | { readonly kind: "values"; readonly values: Readonly<Record<string, string>> };

interface SourceItem extends vscode.QuickPickItem {
  readonly pick: () => Promise<SampleSource | undefined>;
}

/**
 * Which samples: files beside the model (the last used first, then the one the model's sidecar names), another file, or typed values.
 * @param sidecarSamples the file that the model's sidecar names, when it has one
 */
export async function askSamples(
  client: WorkerClient,
  model: string,
  last: LastChoice | undefined,
  sidecarSamples: string | undefined,
): Promise<SampleSource | undefined> {
  const beside = await samplesBeside(model);
  const files = [...new Set([last?.samples, sidecarSamples, ...beside].filter((file) => file !== undefined))];
  const fileItem = (file: string): SourceItem => ({
    label: basename(file),
    description: describe(file, model, last, sidecarSamples),
    iconPath: new vscode.ThemeIcon("table"),
    pick: () => Promise.resolve({ kind: "file", file }),
  });
  const browseItem: SourceItem = { label: vscode.l10n.t("Browse…"), iconPath: new vscode.ThemeIcon("folder-opened"), alwaysShow: true, pick: browse };
  const typeItem: SourceItem = {
    label: vscode.l10n.t("Type values…"),
    description: vscode.l10n.t("one value or list for each input"),
    iconPath: new vscode.ThemeIcon("edit"),
    alwaysShow: true,
    pick: async () => {
      const values = await askValues(client, model, last?.values ?? {});
      return values === undefined ? undefined : { kind: "values", values };
    },
  };
  const typedLast = last !== undefined && last.samples === undefined && last.values !== undefined;
  const items = typedLast ? [typeItem, ...files.map(fileItem), browseItem] : [...files.map(fileItem), typeItem, browseItem];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Explain prediction: {0}", basename(model)),
    placeHolder: vscode.l10n.t("Samples to choose from"),
    matchOnDescription: true,
  });
  return picked?.pick();
}

function describe(file: string, model: string, last: LastChoice | undefined, sidecarSamples: string | undefined): string {
  const remarks = [
    ...(file === last?.samples ? [vscode.l10n.t("last used")] : []),
    ...(file === sidecarSamples ? [vscode.l10n.t("named by the model's sidecar")] : []),
  ];
  const folder = relative(dirname(model), dirname(file));
  return [folder, ...remarks].filter((part) => part !== "").join(" · ");
}

async function browse(): Promise<SampleSource | undefined> {
  const suffixes = sampleSuffixes.map((suffix) => suffix.slice(1));
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Choose samples"),
      canSelectMany: false,
      filters: { [vscode.l10n.t("Samples")]: suffixes, [vscode.l10n.t("All files")]: ["*"] },
    })) ?? [];
  return file === undefined ? undefined : { kind: "file", file: file.fsPath };
}
