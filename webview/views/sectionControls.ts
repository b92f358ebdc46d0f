import { attribute, markup } from "../../src/charts/markup.js";
import type { SectionControls } from "../../src/charts/sections/section.js";
import { t } from "../../src/protocol/words.js";

/** The page's widgets for what charts and sections let the reader choose. `data-look` choices stay in the page, `data-intent` ones go to the extension. */
export const sectionControls: SectionControls = {
  pick: (key, label, choices, chosen) =>
    choices.length <= 4
      ? markup`<span class="ep-pick" role="group" aria-label="${label}">${choices.map(
          ([id, name]) =>
            markup`<vscode-button appearance="secondary" class="${id === chosen ? "ep-on" : "ep-off"}" data-look="${key}" data-value="${id}" data-focus="${key}=${id}" aria-pressed="${id === chosen ? "true" : "false"}">${name}</vscode-button>`,
        )}</span>`
      : markup`<vscode-dropdown data-look="${key}" data-focus="${key}" aria-label="${label}" value="${chosen}">${choices.map(
          ([id, name]) => markup`<vscode-option value="${id}"${id === chosen ? markup` selected` : null}>${name}</vscode-option>`,
        )}</vscode-dropdown>`,
  search: (key, label, value) =>
    markup`<vscode-text-field data-look="${key}" data-focus="${key}" aria-label="${label}" placeholder="${label}" value="${value}" size="14"></vscode-text-field>`,
  range: (key, label, value) =>
    markup`<label class="ep-range">${label} <input type="range" min="0" max="100" data-look="${key}" data-focus="${key}" data-now="${value}" aria-label="${label}"></label>`,
  action: (intent, value, label, spoken) =>
    markup`<vscode-button appearance="secondary" data-intent="${intent}" data-value="${value}" data-focus="${intent}/${value}"${attribute("aria-label", spoken)}>${label}</vscode-button>`,
  pictures: (id) =>
    markup`<span class="ep-pictures" role="group" aria-label="${t("Save as a picture")}">${(["svg", "png"] as const).map(
      (format) =>
        markup`<vscode-button appearance="icon" data-picture="${id}" data-format="${format}" data-focus="picture/${id}/${format}" aria-label="${t("Save as {0}", format.toUpperCase())}" title="${t("Save as {0}", format.toUpperCase())}">${format.toUpperCase()}</vscode-button>`,
    )}</span>`,
};
