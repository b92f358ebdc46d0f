import { markup, type Markup } from "../../src/charts/markup.js";
import { modelName } from "../../src/charts/modelName.js";
import type { Choice, ExplanationView } from "../../src/protocol/viewModel.js";

function dropdown(intent: string, label: string, choices: readonly Choice[], chosen: string): Markup {
  const options = choices.map(
    (choice) =>
      markup`<vscode-option value="${choice.id}"${choice.id === chosen ? markup` selected` : null}${choice.reason === undefined ? null : markup` disabled title="${choice.reason}"`}>${choice.label}</vscode-option>`,
  );
  return markup`<div class="control"><label id="label-${intent}">${label}</label><vscode-dropdown data-intent="${intent}" data-focus="${intent}" data-test="${intent}" aria-label="${label}" aria-labelledby="label-${intent}" value="${chosen}">${options}</vscode-dropdown></div>`;
}

function rowControl(view: ExplanationView): Markup {
  const last = view.rows === null ? null : view.rows - 1;
  const step = (to: number, sign: string, label: string, allowed: boolean): Markup =>
    markup`<vscode-button appearance="icon" data-intent="row" data-value="${to}" data-focus="row/${label}" aria-label="${label}" title="${label}"${allowed ? null : markup` disabled`}>${sign}</vscode-button>`;
  const of = last === null ? "" : ` of 0–${last}`;
  return markup`<div class="control row"><span class="control-label">Row</span><div class="row-steps">${step(view.row - 1, "‹", "Previous row", view.row > 0)}<span><b data-test="row">${view.row}</b>${of}</span>${step(view.row + 1, "›", "Next row", last !== null && view.row < last)}</div></div>`;
}

/** What is asked: model, row, target, method, baseline; and the ways to take the answer elsewhere. */
export function controls(view: ExplanationView): Markup {
  const target = view.prediction.classes.find((one) => one.explained)?.target ?? "";
  // What is explained may be no class at all (an element of another value, a difference of two).
  const targets = target === "" && view.target !== "" ? [{ id: "", label: view.target }, ...view.targets] : view.targets;
  const exports = (["html", "json", "csv"] as const).map(
    (format) =>
      markup`<vscode-button appearance="secondary" data-intent="export" data-value="${format}" data-focus="export/${format}" aria-label="Export as ${format.toUpperCase()}">${format.toUpperCase()}</vscode-button>`,
  );
  return markup`<header class="controls"><div class="control model"><span class="control-label">Model</span><span class="model-name" data-test="model" title="${view.model}">${modelName(view.model)}</span></div>${rowControl(view)}${
    targets.length > 1 ? dropdown("target", "Explain", targets, target) : null
  }${dropdown("method", "Method", view.methods, view.method)}${dropdown("baseline", "Baseline", view.baselines, view.baseline)}<div class="control export"><span class="control-label">Export</span><div class="buttons">${exports}</div></div></header>`;
}
