import type { InputView, RemovedText, TokenMark } from "../protocol/viewModel.js";
import { largestCredit } from "../viewmodel/rank.js";

/** A text's parts in the order in which they are drawn; what was removed has no credit. */
export type TextItem = ShownMark | RemovedText;

/** A part of a text, with what was removed from within it. */
export type ShownMark = TokenMark & { readonly inner?: readonly RemovedText[] };

export type TextLevel = "words" | "tokens" | "sentences";

/** A text at the level that the reader chose. */
export interface ShownText {
  readonly level: TextLevel;
  readonly marks: readonly TokenMark[];
  readonly items: readonly TextItem[];
  /** The |credit| of the darkest colour: sums of sentences can be larger than any word's credit. */
  readonly largest: number;
}

type Tokens = Extract<InputView, { kind: "tokens" }>;

/** The levels at which a text can be looked at. */
export function textLevels({ pieces, sentences }: Tokens): readonly TextLevel[] {
  return ["words", ...(pieces === undefined ? [] : (["tokens"] as const)), ...(sentences === undefined ? [] : (["sentences"] as const))];
}

/** A text by words, by the tokenizer's own pieces or by sentences. `largest`: that of the scale which it shares with others; its own otherwise. */
export function shownText(input: Tokens, chosen: string | undefined, largest?: number): ShownText {
  const level = textLevels(input).find((one) => one === chosen) ?? "words";
  const marks = { words: input.tokens, tokens: input.pieces, sentences: input.sentences }[level] ?? input.tokens;
  const own = largestCredit(marks);
  return {
    level,
    marks,
    items: withRemoved(marks, input.removed ?? [], level),
    largest: level === "sentences" ? Math.max(own, largest ?? 0) : (largest ?? own),
  };
}

/** Removed parts before the word that follows them, or inside the sentence that they were taken from. */
function withRemoved(marks: readonly TokenMark[], removed: readonly RemovedText[], level: TextLevel): readonly TextItem[] {
  if (removed.length === 0) return marks;
  const parts = removed.flatMap((one) => split(one, level));
  const end = marks.findLastIndex(({ span }) => span !== undefined) + 1;
  let next = 0;
  const until = (place: number): readonly RemovedText[] => {
    const from = next;
    while (next < parts.length && (parts[next]?.at ?? 0) < place) next++;
    return parts.slice(from, next);
  };
  return [
    ...marks.slice(0, end).flatMap((mark): TextItem[] => {
      if (mark.span === undefined) return [mark];
      const before = until(mark.span[0] + 1);
      const inner = until(mark.span[1]);
      return [...before, inner.length === 0 ? mark : { ...mark, inner }];
    }),
    ...until(Infinity),
    ...marks.slice(end),
  ];
}

/** A removed part by words or sentences, each with the gap beside it: they can be put back one by one. */
function split({ text, at }: RemovedText, level: TextLevel): readonly RemovedText[] {
  const pieces =
    level === "sentences"
      ? Array.from(new Intl.Segmenter("und", { granularity: "sentence" }).segment(text), ({ segment }) => segment)
      : (text.match(/^\s/u.test(text) ? /\s+\S*/gu : /\S+\s*/gu) ?? [text]);
  return pieces.filter((piece) => piece.trim() !== "").map((piece) => ({ text: piece, at }));
}
