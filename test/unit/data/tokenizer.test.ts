import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openTokenizer } from "../../../src/data/tokenizer.js";
import { failure, fileOf } from "./sampleFiles.js";

const reviews = join(import.meta.dirname, "../../../examples/review-profile/tokenizer.json");

/** A small tokenizer in the format of a transformer's: word pieces, special tokens around the text. */
const pieces = JSON.stringify({
  version: "1.0",
  truncation: { max_length: 16, strategy: "LongestFirst", stride: 0, direction: "Right" },
  padding: { strategy: { Fixed: 16 }, direction: "Left", pad_to_multiple_of: null, pad_id: 3, pad_type_id: 0, pad_token: "[PAD]" },
  added_tokens: ["[CLS]", "[SEP]", "[MASK]", "[PAD]"].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } }],
    pair: [],
    special_tokens: { "[CLS]": { id: "[CLS]", ids: [0], tokens: ["[CLS]"] }, "[SEP]": { id: "[SEP]", ids: [1], tokens: ["[SEP]"] } },
  },
  decoder: null,
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: { "[CLS]": 0, "[SEP]": 1, "[MASK]": 2, "[PAD]": 3, "[UNK]": 4, charm: 5, "##ing": 6, film: 7, 日: 8, 本: 9 },
  },
});

describe("tokenizer.json", () => {
  test("the review model's: ids, tokens, spans, PAD and UNK", async () => {
    const tokenizer = await openTokenizer(reviews, "left");
    expect(tokenizer).toMatchObject({ padId: 0, unkId: 1, padding: "left" });
    const { ids, tokens, spans, special } = await tokenizer.encode("The film, it's qwxz!");
    expect([ids, tokens, special.some(Boolean)]).toEqual([[3, 22, 4, 10, 8, 12, 1, 94], ["the", "film", ",", "it", "'", "s", "[UNK]", "!"], false]);
    expect(spans).toEqual([
      [0, 3],
      [4, 8],
      [8, 9],
      [10, 12],
      [12, 13],
      [13, 14],
      [15, 19],
      [19, 20],
    ]);
    expect(tokenizer.tokenOf(22)).toBe("film");
  });

  test("word pieces: special tokens stand for no text, pieces belong to one word; its own padding and truncation are ours to do", async () => {
    const tokenizer = await openTokenizer(await fileOf("tokenizer.json", pieces));
    expect(tokenizer).toMatchObject({ padId: 3, maskId: 2, unkId: 4, padding: "left", maxLength: 16 });
    const encoded = await tokenizer.encode("Charming film");
    expect(encoded).toEqual({
      ids: [0, 5, 6, 7, 1],
      tokens: ["[CLS]", "charm", "##ing", "film", "[SEP]"],
      spans: [
        [0, 0],
        [0, 5],
        [5, 8],
        [9, 13],
        [0, 0],
      ],
      special: [true, false, false, false, true],
      words: [null, 0, 0, 1, null],
      types: [0, 0, 0, 0, 0],
    });
    expect((await tokenizer.encode("film ".repeat(40))).ids).toHaveLength(42);
  });

  test.each(["👍🏽 film", "a 👩‍👩‍👧 b film", "日本 film", "e\u0301toile film", "شكرا film", "𝒳𝒴 film 👍"])("spans are UTF-16 offsets: %s", async (text) => {
    const tokenizer = await openTokenizer(await fileOf("tokenizer.json", pieces));
    const { tokens, spans } = await tokenizer.encode(text);
    const [from, to] = spans[tokens.indexOf("film")] ?? [0, 0];
    expect(text.slice(from, to)).toBe("film");
    if (text.startsWith("日")) expect(spans.slice(1, 3).map(([a, b]) => text.slice(a, b))).toEqual(["日", "本"]);
  });
});

describe("word lists", () => {
  test("vocab.txt: a word a line, unknown words, spans", async () => {
    const tokenizer = await openTokenizer(await fileOf("vocab.txt", "[PAD]\n[UNK]\ngood\nfilm\n!\n"), "left");
    expect(tokenizer).toMatchObject({ padId: 0, unkId: 1, padding: "left" });
    expect(await tokenizer.encode("Good 👍 film!")).toMatchObject({
      ids: [2, 1, 3, 4],
      tokens: ["Good", "👍", "film", "!"],
      spans: [
        [0, 4],
        [5, 7],
        [8, 12],
        [12, 13],
      ],
    });
  });

  test("a JSON map of words to ids; a word it does not have, and no unknown word", async () => {
    const tokenizer = await openTokenizer(await fileOf("vocab.json", '{"good": 5, "film": 6}'));
    expect((await tokenizer.encode("good film")).ids).toEqual([5, 6]);
    expect(tokenizer.tokenOf(6)).toBe("film");
    expect((await failure(() => tokenizer.encode("bad film"))).message).toContain('"bad" is not in the vocabulary');
  });

  test("word pieces need a tokenizer.json", async () => {
    expect((await failure(async () => openTokenizer(await fileOf("vocab.txt", "[PAD]\nplay\n##ing\n")))).message).toContain("word pieces");
  });
});

test("files that are no tokenizer", async () => {
  expect((await failure(() => openTokenizer("/nowhere/tokenizer.json"))).code).toBe("FILE_NOT_FOUND");
  expect((await failure(async () => openTokenizer(await fileOf("tokenizer.json", "{bad")))).code).toBe("INPUT_INVALID");
  expect((await failure(async () => openTokenizer(await fileOf("tokenizer.json", '{"version": "1.0"}')))).code).toBe("INPUT_INVALID");
});
