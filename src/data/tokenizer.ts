import { basename, extname } from "node:path";
import { ExplainError } from "../base/diagnostic.js";
import { readText } from "../base/readText.js";
import { betweenTexts } from "../protocol/betweenTexts.js";
import { CodePointOffsets } from "./codePoints.js";
import type { Tokenizer } from "./encoded.js";
import { wordTokenizer } from "./wordTokenizer.js";

export type { Encoded, Tokenizer } from "./encoded.js";

interface TokenizerJson {
  readonly padding?: { readonly direction?: string; readonly pad_id?: number } | null;
  readonly truncation?: { readonly max_length?: number } | null;
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
  readonly model?: { readonly unk_token?: string | null };
}

/**
 * Opens tokenizer.json (any tokenizer of that format), or a word list: vocab.txt (a word a line) or a JSON map of words to ids.
 * `padding` is the side short texts are padded on where the file does not say; default right. Throws FILE_NOT_FOUND or INPUT_INVALID.
 */
export async function openTokenizer(file: string, padding?: "left" | "right"): Promise<Tokenizer> {
  const text = await readText(file);
  if (text === undefined) throw new ExplainError("FILE_NOT_FOUND", `The tokenizer file ${basename(file)} does not exist or can't be read.`, { file });
  if (extname(file).toLowerCase() === ".txt") return wordTokenizer(file, wordsOfLines(text), padding ?? "right");
  const content = parse(text, file);
  const entries = Object.entries(content);
  if (entries.length > 0 && entries.every(([, id]) => typeof id === "number"))
    return wordTokenizer(file, new Map(entries as [string, number][]), padding ?? "right");
  return nativeTokenizer(file, text, content, padding);
}

async function nativeTokenizer(file: string, text: string, content: TokenizerJson, padding: "left" | "right" | undefined): Promise<Tokenizer> {
  // The native module is loaded only when a tokenizer is needed: a model of numbers works without it.
  const { Tokenizer: Native } = await import("tokenizers");
  let native: InstanceType<typeof Native>;
  try {
    native = Native.fromString(text);
  } catch (error) {
    throw new ExplainError("INPUT_INVALID", `${basename(file)} is not a tokenizer: ${error instanceof Error ? error.message : String(error)}`, {
      file,
      hint: "Use the tokenizer.json that was saved with the model.",
    });
  }
  // Padding is ours, so that rows of one batch share a length and the real length is known; truncation is reported by the caller.
  native.disablePadding();
  native.disableTruncation();
  const id = (...names: (string | null | undefined)[]): number | undefined => {
    for (const name of names) {
      const found = name === null || name === undefined ? null : native.tokenToId(name);
      if (found !== null) return found;
    }
    return undefined;
  };
  const side = content.padding?.direction?.toLowerCase();
  const maskId = id("[MASK]", "<mask>");
  const unkId = id(content.model?.unk_token, "[UNK]", "<unk>");
  const maxLength = content.truncation?.max_length;
  return {
    file,
    padId: content.padding?.pad_id ?? id("[PAD]", "<pad>", "<|endoftext|>") ?? 0,
    padding: padding ?? (side === "left" ? "left" : "right"),
    ...(maskId === undefined ? {} : { maskId }),
    ...(unkId === undefined ? {} : { unkId }),
    ...(maxLength === undefined ? {} : { maxLength }),
    tokenOf: (token) => native.idToToken(token) ?? undefined,
    encode: async (sentence, pair) => {
      const encoding = await native.encode(sentence, pair ?? null);
      const texts = [sentence, ...(pair === undefined ? [] : [pair])].map((text) => new CodePointOffsets(text));
      const sequences = encoding.getSequenceIds().map((sequence) => sequence ?? null);
      const words = encoding.getWordIds();
      const firstWords = Math.max(0, ...words.map((word, i) => (sequences[i] === 0 ? (word ?? -1) + 1 : 0)));
      const ofPair = (i: number): boolean => sequences[i] === 1;
      return {
        ids: encoding.getIds(),
        tokens: encoding.getTokens(),
        spans: encoding.getOffsets().map(([from, to], i) => {
          const before = ofPair(i) ? sentence.length + betweenTexts.length : 0;
          const offsets = texts[ofPair(i) ? 1 : 0];
          return [before + (offsets?.toUtf16(from ?? 0) ?? 0), before + (offsets?.toUtf16(to ?? 0) ?? 0)] as const;
        }),
        special: encoding.getSpecialTokensMask().map((flag) => flag === 1),
        words: words.map((word, i) => (typeof word === "number" ? word + (ofPair(i) ? firstWords : 0) : null)),
        types: encoding.getTypeIds(),
        ...(pair === undefined ? {} : { sequences }),
      };
    },
  };
}

function parse(text: string, file: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Reported below, like any other content that is no tokenizer.
  }
  throw new ExplainError("INPUT_INVALID", `${basename(file)} is not a tokenizer file.`, {
    file,
    hint: "Use tokenizer.json, vocab.txt (a word a line) or a JSON map of words to ids.",
  });
}

function wordsOfLines(text: string): Map<string, number> {
  const words = text
    .replace(/^\uFEFF/, "")
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
  return new Map(words.map((word, id) => [word, id]));
}
