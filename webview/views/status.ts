import { markup, type Markup } from "../../src/charts/markup.js";
import { diagnosticItem } from "../../src/charts/sections/diagnosticsSection.js";
import type { PanelState } from "../../src/protocol/viewModel.js";
import { t } from "../../src/protocol/words.js";

const button = (intent: string, label: string): Markup =>
  markup`<vscode-button appearance="primary" data-intent="${intent}" data-focus="${intent}">${label}</vscode-button>`;

/** What goes wrong where nothing says which column feeds what: the person can. */
const columnCodes: ReadonlySet<string> = new Set(["COLUMN_MISSING", "COLUMNS_AMBIGUOUS", "VALUE_NOT_A_NUMBER"]);

function running(state: PanelState): Markup {
  const percent = state.fraction === undefined ? null : Math.round(Math.min(1, Math.max(0, state.fraction)) * 100);
  const bar = percent === null ? null : markup`<progress max="100" value="${percent}" aria-label="${state.message}"></progress>`;
  return markup`<vscode-progress-ring aria-label="${t("Working")}"></vscode-progress-ring><p data-test="message">${state.message === "" ? t("Explaining…") : state.message}</p>${bar}<vscode-button appearance="secondary" data-intent="cancel" data-focus="cancel">${t("Cancel")}</vscode-button>`;
}

/** What the panel is doing or why it has nothing to show; with an older answer below, one strip above it. Nothing when all is done. */
export function status(state: PanelState): Markup | null {
  const role = state.phase === "failed" ? "alert" : "status";
  const wrap = (content: Markup): Markup =>
    markup`<div class="status status-${state.phase}${state.view === null ? " status-alone" : ""}" role="${role}" data-test="status" data-phase="${state.phase}">${content}</div>`;
  const columns =
    state.error !== null && columnCodes.has(state.error.code)
      ? markup`<vscode-button appearance="secondary" data-intent="columns" data-focus="columns">${t("Choose columns…")}</vscode-button>`
      : null;
  switch (state.phase) {
    case "done":
      return null;
    case "running":
      return wrap(running(state));
    case "empty":
      return wrap(
        markup`<div class="welcome"><h1>${t("Explain a prediction")}</h1><p data-test="message">${state.message === "" ? t("Nothing is explained yet.") : state.message}</p><p class="ep-note">${t("Run “Explain prediction” from the Command Palette, or right-click an .onnx model in the Explorer.")}</p></div>`,
      );
    case "failed":
      return wrap(
        markup`<div class="failure">${state.error === null ? markup`<p data-test="message">${state.message}</p>` : diagnosticItem(state.error)}${state.view === null ? null : markup`<p class="ep-note">${t("Below is the last explanation that worked.")}</p>`}</div>${columns}${button("retry", t("Try again"))}`,
      );
    case "cancelled":
      return wrap(
        markup`<p data-test="message">${state.message === "" ? t("Cancelled.") : state.message}${state.view === null ? null : ` ${t("Below is the last explanation.")}`}</p>${button("retry", t("Run again"))}`,
      );
    case "stale":
      return wrap(
        markup`<p data-test="message">${state.message === "" ? t("The model or the samples changed on disk. What you see is from before.") : state.message}</p>${button("retry", t("Explain again"))}`,
      );
  }
}
