import type { ExplanationView, InputView } from "../../protocol/viewModel.js";
import { markup, type Markup } from "../markup.js";
import { formatSmall } from "../../viewmodel/format.js";
import { shownText, textLevels, type ShownText, type TextLevel } from "../shownText.js";
import { tableAlternative, type SectionOptions } from "./section.js";
import { levelOf, partName, textView } from "./textView.js";
import { t } from "../../protocol/words.js";

type Tokens = Extract<InputView, { kind: "tokens" }>;

/** A text by words, by the tokenizer's own pieces or by sentences. Documents without controls have the sentences below the words. */
export function tokensBody(
  input: Tokens,
  view: Pick<ExplanationView, "largest" | "whatIf">,
  title: string,
  options: SectionOptions,
): { readonly tools: readonly (Markup | null | undefined)[]; readonly body: readonly (Markup | null)[] } {
  const id = `input/${input.name}`;
  const levels = textLevels(input);
  const text = shownText(input, levelOf(input, options), view.largest);
  const names: Readonly<Record<TextLevel, string>> = { words: t("Words"), tokens: t("Tokens"), sentences: t("Sentences") };
  const level = options.controls?.pick(
    `${id}/level`,
    t("Level"),
    levels.map((one) => [one, names[one]]),
    text.level,
  );
  const editable = view.whatIf?.inputs.some(({ kind, name }) => kind === "text" && name === input.name) ?? false;
  return {
    tools: [levels.length > 1 ? level : null, scale(text.largest)],
    body: [
      textView(text, title, { path: id, editable }, options),
      tableAlternative(id, text.marks, partName(text.level), options),
      options.interactive || input.sentences === undefined ? null : bySentence(shownText(input, "sentences", view.largest), id, title, options),
    ],
  };
}

function scale(largest: number): Markup {
  return markup`<span class="ep-scale"><span>${t("against")}</span><i class="ep-ramp" aria-hidden="true"></i><span>${t("for")}</span><span>±${formatSmall(largest)}</span></span>`;
}

function bySentence(text: ShownText, id: string, title: string, options: SectionOptions): Markup {
  return markup`<details data-fold="${id}/sentences"><summary class="ep-note">${t("By sentence")}</summary><div class="ep-tools">${scale(text.largest)}</div>${textView(text, title, null, options)}${tableAlternative(`${id}/sentences`, text.marks, partName(text.level), options)}</details>`;
}
