import { ExplainError } from "../base/diagnostic.js";
import { betweenTexts } from "../protocol/betweenTexts.js";
import type { Encoded, Tokenizer } from "./encoded.js";

const padNames = ["[PAD]", "<pad>", "<PAD>"];
const separatorNames = ["[SEP]", "<sep>", "<SEP>", "</s>"];
const unkNames = ["[UNK]", "<unk>", "<UNK>", "<oov>", "<OOV>"];

/**
 * A word-level vocabulary without rules of its own: words and punctuation marks are looked up as written, else in lower case, else as the unknown word.
 * Word pieces ("##ing") are refused: they need the rules in tokenizer.json.
 */
export function wordTokenizer(file: string, ids: ReadonlyMap<string, number>, padding: "left" | "right"): Tokenizer {
  if ([...ids.keys()].some((word) => word.startsWith("##") && word.length > 2))
    throw new ExplainError("INPUT_INVALID", "The vocabulary holds word pieces (##…), which need the rules of a tokenizer.json.", {
      file,
      hint: "Put the model's tokenizer.json beside it.",
    });
  const find = (names: readonly string[]): number | undefined => names.map((name) => ids.get(name)).find((id) => id !== undefined);
  const unkId = find(unkNames);
  const words = new Map([...ids].map(([word, id]) => [id, word]));
  const encode = (text: string): Encoded => {
    const found = [...text.matchAll(/[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]+/gu)].map((match) => ({ word: match[0], at: match.index }));
    return {
      ids: found.map(({ word }) => {
        const id = ids.get(word) ?? ids.get(word.toLowerCase()) ?? unkId;
        if (id === undefined)
          throw new ExplainError("INPUT_INVALID", `The word "${word}" is not in the vocabulary, and the vocabulary has no entry for unknown words.`, {
            file,
            hint: "Add [UNK] to the vocabulary, or use words it has.",
          });
        return id;
      }),
      tokens: found.map(({ word }) => word),
      spans: found.map(({ word, at }) => [at, at + word.length] as const),
      special: found.map(() => false),
      words: found.map((_, i) => i),
    };
  };
  const separator = find(separatorNames);
  const both = (text: string, pair: string): Encoded => {
    const [first, second] = [encode(text), encode(pair)];
    const between = separator === undefined ? [] : [words.get(separator) ?? ""];
    const join = <T>(name: (part: Encoded, shift: number) => readonly T[], special: T): readonly T[] => [
      ...name(first, 0),
      ...between.map(() => special),
      ...name(second, 1),
    ];
    const before = text.length + betweenTexts.length;
    return {
      ids: join((part) => part.ids, separator ?? 0),
      tokens: join((part) => part.tokens, between[0] ?? ""),
      spans: join((part, shift) => part.spans.map(([from, to]) => [from + shift * before, to + shift * before] as const), [0, 0] as const),
      special: join((part) => part.special, true),
      words: join<number | null>((part, shift) => part.words.map((word) => (word === null ? null : word + shift * first.words.length)), null),
      types: join((part, shift) => part.ids.map(() => shift), 0),
      sequences: join<number | null>((part, shift) => part.ids.map(() => shift), null),
    };
  };
  return {
    file,
    padId: find(padNames) ?? 0,
    padding,
    ...(unkId === undefined ? {} : { unkId }),
    tokenOf: (id) => words.get(id),
    encode: (text, pair) => Promise.resolve().then(() => (pair === undefined ? encode(text) : both(text, pair))),
  };
}
