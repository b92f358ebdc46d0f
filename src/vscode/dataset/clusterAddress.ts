import * as vscode from "vscode";

const name = "ray.address";

/** The address of the Ray cluster in the settings. A workspace that is not trusted has no say in it: the setting is restricted. */
export function clusterAddress(): string | undefined {
  const value = settings().get<unknown>(name);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** Keeps an address where it holds for every workspace, or where this workspace has one of its own. */
export async function setClusterAddress(address: string): Promise<void> {
  const own = settings().inspect(name)?.workspaceValue !== undefined;
  await settings().update(name, address, own ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global);
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("explainPrediction");
}
