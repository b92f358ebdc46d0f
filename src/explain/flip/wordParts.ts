import type { InputDetail } from "../../data/inputDetail.js";
import { endWithGap } from "../../protocol/endWithGap.js";
import type { FlipPart } from "./flipPart.js";

/** The words of a token input's text, each of which can be taken out; none where the input has ids instead of a text. */
export function wordParts(input: string, { text, spans, special, words, values }: InputDetail): readonly FlipPart[] {
  if (text === undefined || spans === undefined) return [];
  const found = new Map<number, readonly [number, number]>();
  values.forEach((_, i) => {
    const [start = 0, end = 0] = spans[i] ?? [];
    if (special?.[i] === true || end <= start) return;
    // Pieces of one word go together; a token that is part of no word goes alone.
    const word = words?.[i] ?? -1 - i;
    const before = found.get(word);
    found.set(word, before === undefined ? [start, end] : [Math.min(before[0], start), Math.max(before[1], end)]);
  });
  return [...found.values()].map((span): FlipPart => {
    const from = text.slice(...span).trim();
    return {
      input,
      below: 0,
      above: 1,
      ordered: false,
      size: (level) => level,
      write: () => ({ kind: "removal", span }),
      describe: (level) => ({ kind: "word", input, span, from, size: level }),
    };
  });
}

/** A text without some of its characters, and without the gaps that they leave. */
export function withoutSpans(text: string, spans: readonly (readonly [number, number])[]): string {
  return spans.toSorted(([a], [b]) => b - a).reduce((rest, [start, end]) => rest.slice(0, start) + rest.slice(endWithGap(rest, start, end)), text);
}
