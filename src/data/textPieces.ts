/** A text as words that it is put together from. */
export interface TextPieces {
  /** Each word with what follows it up to the next; together they are the text. */
  readonly pieces: readonly string[];
  readonly words: readonly string[];
  /** Where the words stand in the text, in UTF-16 offsets. */
  readonly spans: readonly (readonly [number, number])[];
}

const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Splits a text where words begin, in any script. What stands before the first word belongs to it; a text without words is one piece. */
export function textPieces(text: string): TextPieces {
  const spans = [...segmenter.segment(text)].flatMap(({ isWordLike, index, segment }): (readonly [number, number])[] =>
    isWordLike === true ? [[index, index + segment.length]] : [],
  );
  if (spans.length === 0) return { pieces: [text], words: [text], spans: [[0, text.length]] };
  return {
    pieces: spans.map(([start], i) => text.slice(i === 0 ? 0 : start, spans[i + 1]?.[0])),
    words: spans.map(([start, end]) => text.slice(start, end)),
    spans,
  };
}
