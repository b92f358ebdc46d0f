import * as vscode from "vscode";
import type { EngineSettings } from "./engineSettings.js";

/** The person's settings, read anew for every request. Out-of-range values count as unset: the engine's default holds. */
export function engineSettings(): EngineSettings {
  const settings = vscode.workspace.getConfiguration("explainPrediction");
  const tolerance = settings.get<unknown>("tolerance");
  const threads = settings.get<unknown>("threads");
  return {
    ...(typeof tolerance === "number" && tolerance > 0 && tolerance < 1 ? { tolerance } : {}),
    ...(typeof threads === "number" && Number.isInteger(threads) && threads > 0 ? { threads } : {}),
  };
}

/** Where models run, as the person set it; read for every call. */
export function isolationSetting(): unknown {
  return vscode.workspace.getConfiguration("explainPrediction").get<unknown>("isolation");
}
