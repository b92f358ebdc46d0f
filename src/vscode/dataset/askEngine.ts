import { basename, extname } from "node:path";
import * as vscode from "vscode";
import { askAddress, hostOf } from "./askAddress.js";
import { clusterAddress } from "./clusterAddress.js";

/** Where a data set is explained. */
export type Engine = { readonly kind: "local" } | { readonly kind: "ray"; readonly address: string };

/** What a cluster reads. */
const clusterSuffixes: readonly string[] = [".csv", ".tsv", ".parquet"];

/**
 * On this machine or on a Ray cluster. No question where only this machine can: a workspace that is not trusted sends nothing anywhere, and a cluster reads tables alone.
 * Undefined when the person left.
 */
export async function askEngine(data: string): Promise<Engine | undefined> {
  if (!vscode.workspace.isTrusted || !clusterSuffixes.includes(extname(data).toLowerCase())) return { kind: "local" };
  const address = clusterAddress();
  const other = (label: string, description = ""): vscode.QuickPickItem => ({ label, description, iconPath: new vscode.ThemeIcon("gear") });
  const here = { label: vscode.l10n.t("On this machine"), iconPath: new vscode.ThemeIcon("device-desktop") };
  const there =
    address === undefined
      ? undefined
      : { label: vscode.l10n.t("On the Ray cluster at {0}", hostOf(address) ?? address), iconPath: new vscode.ThemeIcon("server") };
  const set =
    address === undefined
      ? other(vscode.l10n.t("On a Ray cluster…"), vscode.l10n.t("asks for its address"))
      : other(vscode.l10n.t("On another Ray cluster…"), vscode.l10n.t("changes the address"));
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem>([here, ...(there === undefined ? [] : [there]), set], {
    title: vscode.l10n.t("Explain dataset: {0}", basename(data)),
    placeHolder: vscode.l10n.t("Where the rows are explained"),
  });
  if (picked === undefined) return undefined;
  if (picked === here) return { kind: "local" };
  const chosen = picked === there ? address : await askAddress(address);
  return chosen === undefined ? undefined : { kind: "ray", address: chosen };
}
