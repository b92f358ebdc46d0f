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

/** A coloured text and, where words can be gone through, the line that tells the present one. `path` is the text's place in the view: "input/NAME", "unit/NAME". */
export function textView(text: ShownText, title: string, path: string | undefined, { interactive }: SectionOptions): Markup {
  if (!interactive || path === undefined) return new Markup(tokenText(text, title));
  return markup`${new Markup(tokenText(text, title, path))}<div class="ep-told"><p class="ep-note ep-readout" data-readout="words/${path}" aria-live="polite">${t("Point at a word, or go from word to word with the arrow keys.")}</p><vscode-button appearance="secondary" data-word-action="${path}" title="${t("Delete, or Alt+click on the word")}" hidden></vscode-button></div>`;
}
