import * as vscode from "vscode";
import { limitNames, readLimit, type Limits } from "../base/limits.js";
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

/** The limits that the person set differently. What is no limit counts as unset. */
export function limitSettings(): Limits {
  const settings = vscode.workspace.getConfiguration("explainPrediction.limits");
  return Object.fromEntries(
    limitNames.flatMap((name) => {
      const value = readLimit(name, settings.get<unknown>(name));
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Where models run, as the person set it; read for every call. */
export function isolationSetting(): unknown {
  return vscode.workspace.getConfiguration("explainPrediction").get<unknown>("isolation");
}
