import * as vscode from "vscode";
import { formatDiagnostic, toDiagnostic, type DiagnosticCode } from "../../base/diagnostic.js";
import { noticeText } from "../noticeText.js";
import type { Services } from "../services.js";
import type { DatasetResult } from "./datasetPanel.js";

/** How a run ended; `again`: the person wants it to go on where it stopped. */
export type DatasetEnd = { readonly kind: "done"; readonly result: DatasetResult } | { readonly kind: "cancelled" | "failed"; readonly again: boolean };

/** More that a message about a failure offers. */
export interface Offer {
  readonly label: string;
  /** Answers whether the run is to be tried again. */
  run(): Promise<boolean>;
}

/** Says how a run failed, and offers to go on with what is finished. `resumable`: after which failures that makes sense. */
export async function sayEnd(
  error: unknown,
  about: {
    readonly model: string;
    readonly cancelled: string;
    readonly resumable: ReadonlySet<DiagnosticCode>;
    readonly offers?: (code: DiagnosticCode) => readonly Offer[];
  },
  { log }: Services,
): Promise<DatasetEnd> {
  const diagnostic = toDiagnostic(error);
  const goOn = vscode.l10n.t("Continue");
  if (diagnostic.code === "CANCELLED") {
    const answer = await vscode.window.showInformationMessage(noticeText(about.cancelled), goOn);
    return { kind: "cancelled", again: answer === goOn };
  }
  log.error(`${about.model}: ${formatDiagnostic(diagnostic)}`);
  const offers = about.offers?.(diagnostic.code) ?? [];
  const labels = [...(about.resumable.has(diagnostic.code) ? [goOn] : []), ...offers.map(({ label }) => label)];
  const answer = await vscode.window.showErrorMessage(noticeText(formatDiagnostic(diagnostic)), ...labels);
  const again = answer === goOn || (await offers.find(({ label }) => label === answer)?.run()) === true;
  return { kind: "failed", again };
}
