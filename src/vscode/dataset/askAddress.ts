import * as vscode from "vscode";
import { setClusterAddress } from "./clusterAddress.js";

/** Asks for an address and keeps it in the settings. Undefined when the person left. */
export async function askAddress(before: string | undefined): Promise<string | undefined> {
  const address = await vscode.window.showInputBox({
    title: vscode.l10n.t("Address of the Ray cluster"),
    prompt: vscode.l10n.t("The dashboard's address, as this machine reaches it. It is kept in your settings."),
    value: before ?? "",
    placeHolder: "http://HOST:8265",
    ignoreFocusOut: true,
    validateInput: (text) => (hostOf(text.trim()) === undefined ? vscode.l10n.t("An address such as http://HOST:8265.") : undefined),
  });
  if (address === undefined) return undefined;
  await setClusterAddress(address.trim());
  return address.trim();
}

/** Host and port of an http address; undefined for anything else. */
export function hostOf(address: string): string | undefined {
  return /^https?:/iu.test(address) && URL.canParse(address) ? new URL(address).host : undefined;
}
