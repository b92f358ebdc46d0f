import { markup, type Markup } from "../../src/charts/markup.js";
import { isRightToLeft } from "../../src/charts/rightToLeft.js";
import { section } from "../../src/charts/sections/section.js";
import { pictureWhatIf } from "./pictureWhatIf.js";
import { sectionControls } from "./sectionControls.js";
import type { EditableCategory, EditableFeature, EditableInput, ExplanationView, WhatIfView } from "../../src/protocol/viewModel.js";
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

function whatRow(name: string, slide: Markup | null, field: Markup, was: number | string | null): Markup {
  return markup`<div class="what-row${was === null ? "" : " changed"}" data-feature="${name}"><span class="what-name" title="${name}">${name}</span>${slide ?? markup`<span></span>`}${field}<span class="ep-note">${was === null ? null : markup`${t("was {0}", was)}`}</span></div>`;
}

function featureRow(input: string, feature: EditableFeature): Markup {
  const { position, label, original, now, range } = feature;
  const changed = now !== original;
  const field =
    range?.kind === "choices"
      ? markup`<vscode-dropdown data-edit="${input}" data-position="${position}" data-text="1" data-focus="edit/${input}/${position}" aria-label="${label}" value="${now}">${[...new Set([...range.choices, String(original), String(now)])].map((one) => markup`<vscode-option value="${one}"${one === String(now) ? markup` selected` : null}>${one}</vscode-option>`)}</vscode-dropdown>`
      : markup`<vscode-text-field size="7" data-edit="${input}" data-position="${position}" data-now="${now}"${typeof original === "string" ? markup` data-text="1"` : null} data-focus="edit/${input}/${position}" aria-label="${t("{0}, value", label)}"></vscode-text-field>`;
  return whatRow(label, slider(input, feature), field, changed ? original : null);
}

function categoryRow(input: string, { name, choices, original, now }: EditableCategory): Markup {
  const labelOf = (position: number | null): string => choices.find((choice) => choice.position === position)?.label ?? t("none");
  const positions = choices.map(({ position }) => position).join();
  const options = [...choices, ...(original === null || now === null ? [{ position: null, label: labelOf(null) }] : [])];
  const field = markup`<vscode-dropdown data-edit="${input}" data-category="${positions}" data-focus="edit/${input}/${positions}" aria-label="${name}" value="${String(now)}">${options.map(
    ({ position, label }) => markup`<vscode-option value="${String(position)}"${position === now ? markup` selected` : null}>${label}</vscode-option>`,
  )}</vscode-dropdown>`;
  return whatRow(name, null, field, now === original ? null : labelOf(original));
}

function textRow(input: Extract<EditableInput, { kind: "text" }>): Markup {
  return markup`<p class="ep-note">${t("In the coloured text, Delete or Alt+click removes a word or puts it back. Or write it anew:")}</p><vscode-text-area class="what-text" rows="3" resize="vertical" data-edit="${input.name}" data-now="${input.now}" data-focus="edit/${input.name}"${isRightToLeft(input.now) ? markup` dir="rtl"` : null} aria-label="${t("Text of {0}", input.name)}"></vscode-text-area>${
    input.now === input.original ? null : markup`<p class="ep-note">${t("Original:")} <span dir="auto">${input.original}</span></p>`
  }`;
}

type Editable = EditableFeature | EditableCategory;

const nameOf = (one: Editable): string => ("choices" in one ? one.name : one.label);

/** The features of a category are one row. */
function rowsOf({ features, categories = [] }: Extract<EditableInput, { kind: "features" }>): readonly Editable[] {
  const inside = new Set(categories.flatMap(({ choices }) => choices.map(({ position }) => position)));
  return [...features.filter(({ position }) => !inside.has(position)), ...categories];
}

/** What is worth a row: what was changed, what is searched for, and of many features the ones with most credit. */
function shownRows(input: Extract<EditableInput, { kind: "features" }>, view: ExplanationView, find: string): readonly Editable[] {
  const all = rowsOf(input);
  if (all.length <= mostRows) return all;
  const wanted = find.trim().toLowerCase();
  if (wanted !== "") return all.filter((one) => nameOf(one).toLowerCase().includes(wanted)).slice(0, mostFound);
  const shown = view.inputs.find(({ name }) => name === input.name);
  const order = new Map(
    shown?.kind === "features" ? [...shown.bars.entries(), ...(shown.grouped?.bars.entries() ?? [])].map(([i, { label }]) => [label, i]) : [],
  );
  const place = (one: Editable): number => order.get(nameOf(one)) ?? Infinity;
  return all.filter((one) => one.original !== one.now || place(one) < mostRows).sort((a, b) => place(a) - place(b));
}

/** What the sample could have been: a slider or a list a feature, a text to write anew, and what the change does. */
export function whatIfSection(whatIf: WhatIfView, view: ExplanationView, find: string): Markup {
  const many = whatIf.inputs.some((input) => input.kind === "features" && rowsOf(input).length > mostRows);
  const several = whatIf.inputs.length > 1;
  const body = whatIf.inputs.map(
    (input) =>
      markup`<div data-what-if="${input.name}">${several ? markup`<h3>${input.name}</h3>` : null}${
        input.kind === "features"
          ? shownRows(input, view, find).map((one) => ("choices" in one ? categoryRow(input.name, one) : featureRow(input.name, one)))
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
