import type { Diagnostic } from "../../base/diagnostic.js";
import { markup, type Markup } from "../markup.js";
import { section } from "./section.js";
import { t } from "../../protocol/words.js";

const signs: Readonly<Record<Diagnostic["severity"], string>> = { error: "✕", warning: "!", info: "i" };

function place(diagnostic: Diagnostic): string {
  const line = diagnostic.line === undefined ? "" : `:${diagnostic.line}${diagnostic.column === undefined ? "" : `:${diagnostic.column}`}`;
  return diagnostic.file === undefined ? (diagnostic.node === undefined ? "" : t("node {0}", diagnostic.node)) : `${diagnostic.file}${line}`;
}

function severityName(severity: Diagnostic["severity"]): string {
  return severity === "error" ? t("error") : severity === "warning" ? t("warning") : t("info");
}

/** One diagnostic: what was found, where, and what to do. */
export function diagnosticItem(diagnostic: Diagnostic): Markup {
  const where = place(diagnostic);
  return markup`<div class="ep-diagnostic ep-${diagnostic.severity}" data-code="${diagnostic.code}"><span class="ep-diagnostic-sign" role="img" aria-label="${severityName(diagnostic.severity)}">${signs[diagnostic.severity]}</span><div><p data-test="diagnostic-message">${diagnostic.message}</p>${where === "" ? null : markup`<p class="ep-note">${where}</p>`}${diagnostic.hint === undefined ? null : markup`<p class="ep-hint">${diagnostic.hint}</p>`}</div></div>`;
}

/** All remarks of the run; nothing when there are none. */
export function diagnosticsSection(diagnostics: readonly Diagnostic[]): Markup | null {
  return diagnostics.length === 0 ? null : section("diagnostics", markup`${t("Remarks")}`, "", diagnostics.map(diagnosticItem));
}
