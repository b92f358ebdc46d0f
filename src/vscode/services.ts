import type * as vscode from "vscode";
import type { WorkerClient } from "../worker/client.js";
import type { Memory } from "./memory.js";
import type { ShownExplanations } from "./shownExplanations.js";

/** What commands and panels share for the life of the extension. */
export interface Services {
  readonly client: WorkerClient;
  readonly memory: Memory;
  /** What the panels show, for the editors beside them. */
  readonly shown: ShownExplanations;
  readonly log: vscode.LogOutputChannel;
  /** The installed extension's folder. */
  readonly extensionUri: vscode.Uri;
}
