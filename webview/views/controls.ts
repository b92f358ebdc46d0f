import { markup, type Markup } from "../../src/charts/markup.js";
import { modelName } from "../../src/charts/modelName.js";
import type { Choice, ExplanationView } from "../../src/protocol/viewModel.js";
import { asked } from "../intents.js";
import { t } from "../../src/protocol/words.js";

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
  const of = last === null ? "" : t(" of 0–{0}", last);
  return markup`<div class="control row"><span class="control-label">${t("Row")}</span><div class="row-steps">${step(view.row - 1, "‹", t("Previous row"), view.row > 0)}<span><b data-test="row">${view.row}</b>${of}</span>${step(view.row + 1, "›", t("Next row"), last !== null && view.row < last)}</div></div>`;
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
  return markup`<header class="controls"><div class="control model"><span class="control-label">${t("Model")}</span><span class="model-name" data-test="model" title="${view.model}">${modelName(view.model)}</span></div>${rowControl(view)}${
    targets.length > 1 ? dropdown("target", t("Explain"), hidden ? [...targets, more(t("All {0} classes …", classes.length))] : targets, target) : null
  }${classes.length > 1 ? dropdown("versus", t("Minus"), hidden ? [...versus, more(t("All {0} classes …", classes.length))] : versus, view.versus) : null}${dropdown("method", t("Method"), view.methods, view.method)}${dropdown("baseline", t("Baseline"), [...view.baselines, more(t("Another …"))], view.baseline)}<div class="takeaways">${takeaway(
    t("Copy"),
    "copy",
    [
      ["markdown", "Markdown", t("Copy as Markdown")],
      ["command", "CLI", t("Copy the CLI command that gives this result")],
      ["python", "Python", t("Copy Python code that gives this result with Captum")],
    ],
  )}${takeaway(
    t("Export"),
    "export",
    (["html", "json", "csv"] as const).map((format) => [format, format.toUpperCase(), t("Export as {0}", format.toUpperCase())] as const),
  )}<div class="control"><span class="control-label">${t("Compare")}</span><div class="buttons"><vscode-button appearance="secondary" data-intent="pin" data-value="" data-focus="pin" aria-label="${t("Pin this explanation")}" title="${t("Pin this explanation, to compare others with it")}">${t("Pin")}</vscode-button></div></div></div></header>`;
}
