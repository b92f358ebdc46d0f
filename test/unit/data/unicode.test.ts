import { describe, expect, test } from "vitest";
import type { Tokenizer } from "../../../src/data/encoded.js";
import { mapColumns, type InputSlot } from "../../../src/data/mapping.js";
import { rowsToTensors } from "../../../src/data/toTensors.js";
import { openTokenizer } from "../../../src/data/tokenizer.js";
import { fileOf } from "./sampleFiles.js";

/** Whatever the script, a token's offsets cut the characters out of the original text that the token stands for. */

/** As BERT cuts text: at spaces and punctuation, each CJK character by itself; words it does not know stay whole. */
const words = JSON.stringify({
  version: "1.0",
  added_tokens: [],
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: null,
  decoder: null,
  model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab: { "[UNK]": 0 } },
});

/** As GPT-2 and RoBERTa cut text: bytes, here without any merges, so that each byte of a character is a token. */
const byteNames = ((): readonly string[] => {
  const printable = (b: number): boolean => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, b) => String.fromCodePoint(printable(b) ? b : next++));
})();
const bytes = JSON.stringify({
  version: "1.0",
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: null,
  model: { type: "BPE", vocab: Object.fromEntries(byteNames.map((name, b) => [name, b])), merges: [] },
});

async function slices(tokenizer: Tokenizer, text: string): Promise<string[]> {
  const { spans } = await tokenizer.encode(text);
  return spans.map(([from, to]) => text.slice(from, to));
}

describe.each([
  ["Arabic, right to left", "هذا فيلم رائع!", ["هذا", "فيلم", "رائع", "!"]],
  ["Hebrew among English", "The סרט was טוב.", ["The", "סרט", "was", "טוב", "."]],
  ["with marks of direction", "\u202Bשלום\u202C film", ["שלום", "film"]],
  ["Persian with a joiner of no width", "می\u200Cخواهم فیلم", ["می\u200Cخواهم", "فیلم"]],
  ["Hindi with vowel signs", "यह फ़िल्म अच्छी है", ["यह", "फ़िल्म", "अच्छी", "है"]],
  ["accents as marks of their own", "une e\u0301toile filante", ["une", "e\u0301toile", "filante"]],
  ["a mark at the end of a word", "cafe\u0301 film", ["cafe\u0301", "film"]],
  ["an emoji of one character", "good 👍 film", ["good", "👍", "film"]],
  ["an emoji of a family, joined", "a 👩‍👩‍👧 b", ["a", "👩‍👩‍👧", "b"]],
  ["a flag, of two characters", "go 🇩🇪 go", ["go", "🇩🇪", "go"]],
  ["letters beyond 16 bits", "𝒳𝒴 𐐷 film", ["𝒳𝒴", "𐐷", "film"]],
])("%s", (_, text, expected) => {
  test("words by a tokenizer", async () => {
    const found = await slices(await openTokenizer(await fileOf("tokenizer.json", words)), text);
    // Marks that the tokenizer strips belong to the word before or to none.
    const bare = (word: string): string => word.normalize("NFD").replace(/[\p{M}\p{Cf}]/gu, "");
    expect(found.map(bare)).toEqual(expected.map(bare));
    for (const slice of found) expect(slice).not.toMatch(/[\uD800-\uDBFF]$|^[\uDC00-\uDFFF]/);
  });

  test("bytes by a tokenizer", async () => {
    const found = await slices(await openTokenizer(await fileOf("tokenizer.json", bytes)), text);
    for (const slice of found) expect(slice).not.toMatch(/[\uD800-\uDBFF]$|^[\uDC00-\uDFFF]/);
    const seen = found.filter((slice, i) => slice !== "" && slice !== found[i - 1]);
    expect(new Set(seen.join("").replaceAll(/\s/g, ""))).toEqual(new Set(text.replaceAll(/\s/g, "")));
  });

  test("words by a list", async () => {
    const list = await openTokenizer(await fileOf("vocab.txt", "[PAD]\n[UNK]\n"));
    expect((await slices(list, text)).join(" ")).toContain(expected.at(-1)?.replace(/[!.]$/, ""));
  });
});

test("a text longer than the tokenizer allows keeps its closing token", async () => {
  const content = JSON.parse(words) as Record<string, unknown>;
  const marks = [{ SpecialToken: { id: "[UNK]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } }];
  const special = { "[UNK]": { id: "[UNK]", ids: [0], tokens: ["[UNK]"] }, "[SEP]": { id: "[SEP]", ids: [1], tokens: ["[SEP]"] } };
  const limited = {
    ...content,
    truncation: { max_length: 5, strategy: "LongestFirst", stride: 0, direction: "Right" },
    post_processor: { type: "TemplateProcessing", single: marks, pair: [], special_tokens: special },
  };
  const tokenizer = await openTokenizer(await fileOf("tokenizer.json", JSON.stringify(limited)));
  const slot: InputSlot = { name: "ids", dtype: "int64", dims: ["batch", "length"], role: "tokens" };
  const row = { row: 0, cells: { ids: "one two three four five six" } };
  const { tensors, diagnostics } = await rowsToTensors([row], mapColumns([slot], ["ids"], [row]), [slot], tokenizer);
  expect(Array.from(tensors["ids"]?.data ?? [], Number)).toEqual([0, 0, 0, 0, 1]);
  expect(diagnostics).toMatchObject([{ code: "APPROXIMATION", message: "The text of row 0 has 8 tokens; the model sees the first 5." }]);
});

test("Chinese, Japanese and Korean: characters, or words with spaces", async () => {
  const tokenizer = await openTokenizer(await fileOf("tokenizer.json", words));
  expect(await slices(tokenizer, "这部电影很好。")).toEqual(["这", "部", "电", "影", "很", "好", "。"]);
  expect(await slices(tokenizer, "𠮷野家 日本")).toEqual(["𠮷", "野", "家", "日", "本"]);
  expect(await slices(tokenizer, "이 영화는 좋다")).toEqual(["이", "영화는", "좋다"]);
});
