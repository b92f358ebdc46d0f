import type * as vscode from "vscode";
import type { WorkerClient } from "../worker/client.js";
import type { Memory } from "./memory.js";

/** What commands and panels share for the life of the extension. */
export interface Services {
  readonly client: WorkerClient;
  readonly memory: Memory;
  readonly log: vscode.LogOutputChannel;
  /** The installed extension's folder. */
  readonly extensionUri: vscode.Uri;
}
