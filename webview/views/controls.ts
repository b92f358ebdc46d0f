import { markup, type Markup } from "../../src/charts/markup.js";
import { modelName } from "../../src/charts/modelName.js";
import type { Choice, ExplanationView } from "../../src/protocol/viewModel.js";
import { asked } from "../intents.js";

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

const more = (label: string): Choice => ({ id: asked, label });

/** One button a way to take the answer elsewhere. */
function takeaway(label: string, intent: string, choices: readonly (readonly [value: string, name: string, spoken: string])[]): Markup {
  const buttons = choices.map(
    ([value, name, spoken]) =>
      markup`<vscode-button appearance="secondary" data-intent="${intent}" data-value="${value}" data-focus="${intent}/${value}" aria-label="${spoken}" title="${spoken}">${name}</vscode-button>`,
  );
  return markup`<div class="control ${intent}"><span class="control-label">${label}</span><div class="buttons">${buttons}</div></div>`;
}

/** What is asked: model, row, target, what it is compared with, method, baseline; and the ways to take the answer elsewhere. */
export function controls(view: ExplanationView): Markup {
  const { classes } = view.prediction;
  const target = classes.find((one) => one.explained)?.target ?? "";
  // What is explained may be no class at all (an element of another value, a difference of two).
  const targets = target === "" && view.target !== "" ? [{ id: "", label: view.target }, ...view.targets] : view.targets;
  const hidden = classes.length > view.targets.length;
  const versus = view.versusChoices.some(({ id }) => id === view.versus)
    ? view.versusChoices
    : [...view.versusChoices, { id: view.versus, label: view.versus }];
  return markup`<header class="controls"><div class="control model"><span class="control-label">Model</span><span class="model-name" data-test="model" title="${view.model}">${modelName(view.model)}</span></div>${rowControl(view)}${
    targets.length > 1 ? dropdown("target", "Explain", hidden ? [...targets, more(`All ${classes.length} classes …`)] : targets, target) : null
  }${classes.length > 1 ? dropdown("versus", "Minus", hidden ? [...versus, more(`All ${classes.length} classes …`)] : versus, view.versus) : null}${dropdown("method", "Method", view.methods, view.method)}${dropdown("baseline", "Baseline", [...view.baselines, more("Another …")], view.baseline)}<div class="takeaways">${takeaway(
    "Copy",
    "copy",
    [
      ["markdown", "Markdown", "Copy as Markdown"],
      ["command", "CLI", "Copy the CLI command that gives this result"],
      ["python", "Python", "Copy Python code that gives this result with Captum"],
    ],
  )}${takeaway(
    "Export",
    "export",
    (["html", "json", "csv"] as const).map((format) => [format, format.toUpperCase(), `Export as ${format.toUpperCase()}`] as const),
  )}<div class="control"><span class="control-label">Compare</span><div class="buttons"><vscode-button appearance="secondary" data-intent="pin" data-value="" data-focus="pin" aria-label="Pin this explanation" title="Pin this explanation, to compare others with it">Pin</vscode-button></div></div></div></header>`;
}
