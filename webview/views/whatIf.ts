import { markup, type Markup } from "../../src/charts/markup.js";
import { isRightToLeft } from "../../src/charts/rightToLeft.js";
import { section } from "../../src/charts/sections/section.js";
import { pictureWhatIf } from "./pictureWhatIf.js";
import { sectionControls } from "./sectionControls.js";
import type { EditableFeature, EditableInput, ExplanationView, WhatIfView } from "../../src/protocol/viewModel.js";
import { t } from "../../src/protocol/words.js";

const mostRows = 12;
const mostFound = 30;
const steps = 200;

function slider(input: string, { position, label, range, original, now }: EditableFeature): Markup | null {
  if (range?.kind !== "numbers" || typeof now !== "number" || typeof original !== "number" || !(range.most > range.least)) return null;
  const [least, most] = [Math.min(range.least, original, now), Math.max(range.most, original, now)];
  const step = range.whole && Number.isInteger(original) ? 1 : Number(((most - least) / steps).toPrecision(2));
  return markup`<input type="range" min="${least}" max="${most}" step="${range.whole && Number.isInteger(original) ? step : "any"}" data-edit="${input}" data-position="${position}" data-now="${now}" data-focus="slide/${input}/${position}" aria-label="${label}">`;
}

function featureRow(input: string, feature: EditableFeature): Markup {
  const { position, label, original, now, range } = feature;
  const changed = now !== original;
  const field =
    range?.kind === "choices"
      ? markup`<vscode-dropdown data-edit="${input}" data-position="${position}" data-text="1" data-focus="edit/${input}/${position}" aria-label="${label}" value="${now}">${[...new Set([...range.choices, String(original), String(now)])].map((one) => markup`<vscode-option value="${one}"${one === String(now) ? markup` selected` : null}>${one}</vscode-option>`)}</vscode-dropdown>`
      : markup`<vscode-text-field size="7" data-edit="${input}" data-position="${position}" data-now="${now}"${typeof original === "string" ? markup` data-text="1"` : null} data-focus="edit/${input}/${position}" aria-label="${t("{0}, value", label)}"></vscode-text-field>`;
  return markup`<div class="what-row${changed ? " changed" : ""}" data-feature="${label}"><span class="what-name" title="${label}">${label}</span>${slider(input, feature) ?? markup`<span></span>`}${field}<span class="ep-note">${changed ? markup`${t("was {0}", original)}` : null}</span></div>`;
}

function textRow(input: Extract<EditableInput, { kind: "text" }>): Markup {
  return markup`<p class="ep-note">${t("In the coloured text, Delete or Alt+click removes a word or puts it back. Or write it anew:")}</p><vscode-text-area class="what-text" rows="3" resize="vertical" data-edit="${input.name}" data-now="${input.now}" data-focus="edit/${input.name}"${isRightToLeft(input.now) ? markup` dir="rtl"` : null} aria-label="${t("Text of {0}", input.name)}"></vscode-text-area>${
    input.now === input.original ? null : markup`<p class="ep-note">${t("Original:")} <span dir="auto">${input.original}</span></p>`
  }`;
}

/** Features worth a row: those that were changed, those that are searched for, and of many the ones with most credit. */
function shownFeatures(input: Extract<EditableInput, { kind: "features" }>, view: ExplanationView, find: string): readonly EditableFeature[] {
  if (input.features.length <= mostRows) return input.features;
  const wanted = find.trim().toLowerCase();
  if (wanted !== "") return input.features.filter(({ label }) => label.toLowerCase().includes(wanted)).slice(0, mostFound);
  const shown = view.inputs.find(({ name }) => name === input.name);
  const order = new Map(shown?.kind === "features" ? shown.bars.map(({ label }, i) => [label, i]) : []);
  const place = ({ label }: EditableFeature): number => order.get(label) ?? Infinity;
  return input.features.filter((feature) => feature.original !== feature.now || place(feature) < mostRows).sort((a, b) => place(a) - place(b));
}

/** What the sample could have been: a slider or a list a feature, a text to write anew, and what the change does. */
export function whatIfSection(whatIf: WhatIfView, view: ExplanationView, find: string): Markup {
  const many = whatIf.inputs.some((input) => input.kind === "features" && input.features.length > mostRows);
  const several = whatIf.inputs.length > 1;
  const body = whatIf.inputs.map(
    (input) =>
      markup`<div data-what-if="${input.name}">${several ? markup`<h3>${input.name}</h3>` : null}${
        input.kind === "features"
          ? shownFeatures(input, view, find).map((feature) => featureRow(input.name, feature))
          : input.kind === "text"
            ? textRow(input)
            : pictureWhatIf(input)
      }</div>`,
  );
  const reset = markup`<vscode-button appearance="secondary" data-intent="reset" data-value="" data-focus="reset"${whatIf.edited ? null : markup` disabled`}>${t("Reset")}</vscode-button>`;
  const outcome = whatIf.edited ? markup`<strong>${whatIf.sentence}</strong>` : markup`${t("Change a value: prediction and credits follow at once.")}`;
  return section("what-if", markup`${t("What if")}`, "", [
    markup`<div class="what-outcome"><p data-test="what-if" data-edited="${whatIf.edited ? "true" : "false"}" data-before="${whatIf.scoreBefore === null ? "" : String(whatIf.scoreBefore)}" data-now="${whatIf.scoreNow === null ? "" : String(whatIf.scoreNow)}" aria-live="polite">${outcome}</p>${reset}</div>`,
    many
      ? markup`<div class="ep-tools">${sectionControls.search("what-if/find", t("Find a feature"), find)}<span class="ep-note">${t("Shown: the {0} with most credit, and what was changed.", mostRows)}</span></div>`
      : null,
    ...body,
  ]);
}
