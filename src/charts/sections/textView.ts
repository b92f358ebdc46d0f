import type { InputView } from "../../protocol/viewModel.js";
import { t } from "../../protocol/words.js";
import { Markup, markup } from "../markup.js";
import type { ShownText, TextLevel } from "../shownText.js";
import { tokenText } from "../tokenText.js";
import type { SectionOptions } from "./section.js";

type Tokens = Extract<InputView, { kind: "tokens" }>;

/** The level at which the reader looks at a text, wherever it appears. */
export function levelOf(input: Pick<Tokens, "name">, { look }: SectionOptions): string | undefined {
  return look?.(`input/${input.name}/level`);
}

/** What a part of a text is called in a table. */
export function partName(level: TextLevel): string {
  return { words: t("Word"), tokens: t("Token"), sentences: t("Sentence") }[level];
}

/** What can be done with a text, besides looking at it. */
export interface TextUse {
  /** Its place in the view ("input/NAME", "unit/NAME"); words of a text without one can't be gone through. */
  readonly path: string;
  /** Its words can be removed. */
  readonly editable?: boolean;
}

/** A coloured text and, where words can be gone through, the line that tells the present one. */
export function textView(text: ShownText, title: string, use: TextUse | null, { interactive }: SectionOptions): Markup {
  if (!interactive || use === null) return new Markup(tokenText(text, title));
  const { path, editable = false } = use;
  const how = t("Point at a word, or go from word to word with the arrow keys.");
  return markup`${new Markup(tokenText(text, title, path))}<div class="ep-told"><p class="ep-note ep-readout" data-readout="words/${path}" aria-live="polite">${editable ? `${how} ${t("Delete, or Alt and a click, removes it.")}` : how}</p>${
    editable
      ? markup`<vscode-button appearance="secondary" data-word-action="${path}" title="${t("Delete, or Alt+click on the word")}" hidden></vscode-button>`
      : null
  }</div>`;
}
