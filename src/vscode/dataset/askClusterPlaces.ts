import { basename, dirname, extname, join } from "node:path";
import * as vscode from "vscode";

/** The data and the result's folder as the nodes of a cluster see them: the same paths at first, which holds for shared folders. Undefined when the person left. */
export async function askClusterPlaces(data: string): Promise<{ readonly data: string; readonly out: string } | undefined> {
  const title = vscode.l10n.t("Explain dataset: {0}", basename(data));
  const seen = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("The data as the cluster's nodes see it: a file or a folder of Parquet or CSV, or an address such as s3://…"),
    value: data,
    ignoreFocusOut: true,
    validateInput: required,
  });
  if (seen === undefined) return undefined;
  const out = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("Where the nodes write the result: a folder that is made, or an address such as s3://…"),
    value: besides(seen.trim()),
    ignoreFocusOut: true,
    validateInput: required,
  });
  return out === undefined ? undefined : { data: seen.trim(), out: out.trim() };
}

function required(text: string): string | undefined {
  return text.trim() === "" ? vscode.l10n.t("Name a place.") : undefined;
}

function besides(data: string): string {
  const name = `${basename(data, extname(data))}.attributions`;
  return data.includes("://") ? `${data.slice(0, data.replace(/\/+$/u, "").lastIndexOf("/"))}/${name}` : join(dirname(data), name);
}
