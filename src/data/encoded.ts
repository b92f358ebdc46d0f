/** A text as the model sees it; all lists have one entry a token, padding left out. */
export interface Encoded {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  /** UTF-16 offsets into the text; empty ([n, n]) for tokens that stand for no text. */
  readonly spans: readonly (readonly [number, number])[];
  /** Tokens the tokenizer added ([CLS], [SEP]). */
  readonly special: readonly boolean[];
  /** The word of the text a token is part of; null for special tokens. */
  readonly words: readonly (number | null)[];
  /** What a model with token types takes; absent: 0 for all. */
  readonly types?: readonly number[];
  /** Of two texts: which one a token is of; null for special tokens. */
  readonly sequences?: readonly (number | null)[];
}

export interface Tokenizer {
  readonly file: string;
  /** With `pair`, both as one sequence; its spans are those of text + betweenTexts + pair. */
  encode(text: string, pair?: string): Promise<Encoded>;
  /** The text of an id, for values given as ids. */
  tokenOf(id: number): string | undefined;
  readonly padId: number;
  readonly maskId?: number;
  readonly unkId?: number;
  readonly padding: "left" | "right";
  /** Longest sequence the tokenizer's own settings allow. */
  readonly maxLength?: number;
}
