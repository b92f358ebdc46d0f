import type { ExplanationView, InputView } from "../../protocol/viewModel.js";
import { Markup, markup } from "../markup.js";
import { tokenText } from "../tokenText.js";
import { formatSmall } from "../../viewmodel/format.js";
import { tableAlternative, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

type Tokens = Extract<InputView, { kind: "tokens" }>;

/** A text by words or by the tokenizer's own pieces. */
export function tokensBody(
  input: Tokens,
  view: Pick<ExplanationView, "largest">,
  title: string,
  options: SectionOptions,
): { readonly tools: readonly (Markup | null | undefined)[]; readonly body: readonly (Markup | null)[] } {
  const id = `input/${input.name}`;
  const { controls, look = () => undefined } = options;
  const level = input.pieces === undefined ? "words" : (look(`${id}/level`) ?? "words");
  const tokens = level === "tokens" ? (input.pieces ?? input.tokens) : input.tokens;
  const scale = markup`<span class="ep-scale"><span>${t("against")}</span><i class="ep-ramp" aria-hidden="true"></i><span>${t("for")}</span><span>±${formatSmall(view.largest)}</span></span>`;
  return {
    tools: [
      input.pieces === undefined
        ? null
        : controls?.pick(
            `${id}/level`,
            t("Level"),
            [
              ["words", t("Words")],
              ["tokens", t("Tokens")],
            ],
            level,
          ),
      scale,
    ],
    body: [
      new Markup(tokenText(tokens, title, { largest: view.largest, interactive: options.interactive })),
      options.interactive
        ? markup`<p class="ep-note ep-readout" data-readout="words/${title}" aria-live="polite">${t("Point at a word, or go from word to word with the arrow keys.")}</p>`
        : null,
      tableAlternative(id, tokens, level === "tokens" ? t("Token") : t("Word"), options),
    ],
  };
}
