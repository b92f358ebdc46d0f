import { bisectRight } from "d3-array";
import { present } from "../base/assert.js";
import { betweenTexts } from "../protocol/betweenTexts.js";
import type { TokenMark } from "../protocol/viewModel.js";
import { rank, sumOf } from "./rank.js";

/** So many words are named of a sentence. */
const strongest = 3;

/**
 * The words of a text by sentences: each has the sum of its words' credits and error bounds, and the strongest words as its parts. Sentences are found by Unicode's rules
 * (UAX #29) for no language in particular, which hold for all scripts. What the tokenizer added stays by itself; two texts read as one never share a sentence.
 */
export function mergeSentences(words: readonly TokenMark[], text: string): TokenMark[] {
  const starts = sentenceStarts(text);
  const sentences: TokenMark[][] = [];
  let current: number | null = null;
  for (const word of words) {
    const sentence = word.span === undefined ? null : bisectRight(starts, word.span[0]);
    if (sentence === null || sentence !== current) sentences.push([word]);
    else sentences.at(-1)?.push(word);
    current = sentence;
  }
  return sentences.map((sentence) => sentenceMark(sentence, text));
}

function sentenceStarts(text: string): readonly number[] {
  const segmenter = new Intl.Segmenter("und", { granularity: "sentence" });
  let at = 0;
  return text.split(betweenTexts).flatMap((part) => {
    const starts = Array.from(segmenter.segment(part), ({ index }) => at + index);
    at += part.length + betweenTexts.length;
    return starts;
  });
}

function sentenceMark(words: readonly TokenMark[], text: string): TokenMark {
  const first = present(words[0], "word of a sentence");
  const last = words.at(-1) ?? first;
  if (words.length === 1 || first.span === undefined || last.span === undefined) return first;
  const errors = words.flatMap(({ error }) => error ?? []);
  return {
    text: text.slice(first.span[0], last.span[1]),
    credit: sumOf(words),
    ...(errors.length === 0 ? {} : { error: errors.reduce((a, b) => a + b, 0) }),
    after: last.after,
    span: [first.span[0], last.span[1]],
    parts: rank(words)
      .slice(0, strongest)
      .map((word) => ({ text: word.text, credit: word.credit })),
  };
}
