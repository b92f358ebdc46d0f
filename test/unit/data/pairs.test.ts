import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mapColumns, type InputSlot, type Mapping } from "../../../src/data/mapping.js";
import { openTokenizer } from "../../../src/data/tokenizer.js";
import { rowsToTensors } from "../../../src/data/toTensors.js";
import type { CellValue } from "../../../src/data/samples.js";
import type { Sidecar } from "../../../src/protocol/sidecar.js";
import { failure, fileOf } from "./sampleFiles.js";

const slot = (name: string, role: InputSlot["role"], length: number | string = "sequence"): InputSlot => ({
  name,
  dtype: "int64",
  dims: ["batch", length],
  role,
});
const bert = [slot("input_ids", "tokens"), slot("attention_mask", "mask"), slot("token_type_ids", "tokenTypes")];
const map = (slots: readonly InputSlot[], cells: Record<string, CellValue>, sidecar?: Sidecar): Mapping =>
  mapColumns(slots, Object.keys(cells), [{ row: 0, line: 2, cells }], sidecar);
const stories = join(import.meta.dirname, "../../../examples/story/tokenizer.json");

describe("two columns of text into one sequence", () => {
  test.each([
    ["premise", "hypothesis"],
    ["question", "context"],
    ["query", "passage"],
    ["sentence1", "sentence2"],
    ["text_a", "text_b"],
    ["question", "answer"],
  ])("%s and %s are a pair by their names", (first, second) => {
    const mapping = map(bert, { id: 3, [second]: "The second text is this.", [first]: "The first text is that.", label: "yes" });
    expect(mapping.inputs["input_ids"]).toEqual({ kind: "text", columns: [first, second] });
    expect(mapping.words()[1]).toBe("attention_mask ← made with input_ids");
    expect(mapping.label).toBe("label");
  });

  test("a model without token types is given a question alone where an answer stands beside it, and a premise with its hypothesis", () => {
    const plain = bert.slice(0, 2);
    expect(map(plain, { question: "Is it so?", answer: "It may be so." }).inputs["input_ids"]?.columns).toEqual(["question"]);
    expect(map(plain, { premise: "It is so.", hypothesis: "It may be so." }).inputs["input_ids"]?.columns).toEqual(["premise", "hypothesis"]);
  });

  test("any two by the sidecar, in its order", () => {
    const sidecar: Sidecar = { inputs: { input_ids: { columns: ["reply", "post"] } } };
    expect(map(bert, { post: "It rains.", reply: "It does not." }, sidecar).inputs["input_ids"]).toEqual({ kind: "text", columns: ["reply", "post"] });
  });

  test("ids, types, mask, spans and words of both, as the tokenizer joins them", async () => {
    const tokenizer = await openTokenizer(stories);
    const cells = { context: "Mary journeyed to the garden.", question: "Where is Mary?" };
    const mapping = map(bert, cells, { inputs: { input_ids: { columns: ["context", "question"] } } });
    const { tensors, details } = await rowsToTensors([{ row: 0, cells }], mapping, bert, tokenizer);
    const detail = details["input_ids"]?.[0];
    expect(detail?.labels).toEqual(["[CLS]", "mary", "journey", "##ed", "to", "the", "garden", ".", "[SEP]", "where", "is", "mary", "?", "[SEP]"]);
    expect(Array.from(tensors["token_type_ids"]?.data ?? [], Number)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(tensors["attention_mask"]?.dims).toEqual([1, 14]);
    expect(detail?.text).toBe("Mary journeyed to the garden. ‖ Where is Mary?");
    const text = detail?.text ?? "";
    expect(detail?.spans?.map(([from, to]) => text.slice(from, to))).toEqual([
      "",
      "Mary",
      "journey",
      "ed",
      "to",
      "the",
      "garden",
      ".",
      "",
      "Where",
      "is",
      "Mary",
      "?",
      "",
    ]);
    expect(detail?.words).toEqual([null, 0, 1, 1, 2, 3, 4, 5, null, 6, 7, 8, 9, null]);
  });

  test("a typed text, or a list of two, is the same pair", async () => {
    const tokenizer = await openTokenizer(stories);
    const both = await tokenizer.encode("Mary went to the office.", "Where is Mary?");
    for (const cell of ["Mary went to the office. ‖ Where is Mary?", ["Mary went to the office.", "Where is Mary?"]]) {
      const cells: Record<string, CellValue> = { input_ids: cell };
      const { tensors } = await rowsToTensors([{ row: 0, cells }], map(bert, cells), bert, tokenizer);
      expect(Array.from(tensors["input_ids"]?.data ?? [], Number)).toEqual([...both.ids]);
      expect(Array.from(tensors["token_type_ids"]?.data ?? [], Number)).toEqual([...(both.types ?? [])]);
    }
  });

  test("too long: the longer text is cut at its end, both keep their closing token, and it is said", async () => {
    const tokenizer = await openTokenizer(stories);
    const slots = [slot("input_ids", "tokens", 9), slot("token_type_ids", "tokenTypes", 9)];
    const cells = { premise: "Mary went to the office.", hypothesis: "Where is Mary?" };
    const { details, tensors, diagnostics } = await rowsToTensors([{ row: 0, cells }], map(slots, cells), slots, tokenizer);
    expect(details["input_ids"]?.[0]?.labels).toEqual(["[CLS]", "mary", "went", "to", "[SEP]", "where", "is", "mary", "[SEP]"]);
    expect(Array.from(tensors["token_type_ids"]?.data ?? [], Number)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(diagnostics[0]?.message).toBe("The text of row 0 has 13 tokens; the model sees the first 9.");
  });

  test("a list of words: joined by its separator", async () => {
    const tokenizer = await openTokenizer(await fileOf("vocab.txt", "[PAD]\n[UNK]\n[SEP]\nit\nis\nso\n"));
    expect(await tokenizer.encode("It is", "so it 😀")).toEqual({
      ids: [3, 4, 2, 5, 3, 1],
      tokens: ["It", "is", "[SEP]", "so", "it", "😀"],
      spans: [
        [0, 2],
        [3, 5],
        [0, 0],
        [8, 10],
        [11, 13],
        [14, 16],
      ],
      special: [false, false, true, false, false, false],
      words: [0, 1, null, 2, 3, 4],
      types: [0, 0, 0, 1, 1, 1],
      sequences: [0, 0, null, 1, 1, 1],
    });
  });
});

describe("two inputs of texts", () => {
  const two = [slot("question_ids", "tokens"), slot("question_mask", "mask"), slot("passage_ids", "tokens"), slot("passage_mask", "mask")];

  test("by name: the question's column, the passage's, and each mask with its own tokens", () => {
    const mapping = map(two, { passage: "It rains in the north.", question: "Where does it rain?", label: "yes" });
    expect(mapping.words()).toEqual([
      "question_ids ← question",
      "question_mask ← made with question_ids",
      "passage_ids ← passage",
      "passage_mask ← made with passage_ids",
    ]);
  });

  test("by side: what is asked feeds the query, what is read the document", () => {
    const slots = [slot("doc_input_ids", "tokens"), slot("query_input_ids", "tokens")];
    const { inputs } = map(slots, { question: "Where does it rain?", context: "It rains in the north." });
    expect([inputs["doc_input_ids"]?.columns, inputs["query_input_ids"]?.columns]).toEqual([["context"], ["question"]]);
    const numbered = [slot("input_ids_1", "tokens"), slot("attention_mask_1", "mask"), slot("input_ids_2", "tokens"), slot("attention_mask_2", "mask")];
    expect(map(numbered, { sentence_b: "It rains in the north.", sentence_a: "Where does it rain?" }).words()).toEqual([
      "input_ids_1 ← sentence_a",
      "attention_mask_1 ← made with input_ids_1",
      "input_ids_2 ← sentence_b",
      "attention_mask_2 ← made with input_ids_2",
    ]);
  });

  test("names that say nothing are not guessed", async () => {
    expect(await failure(() => map(two, { left_of_it: "A text of some words.", more: "Another text of words." }))).toMatchObject({ code: "COLUMNS_AMBIGUOUS" });
  });

  test("each as long as its own text, with its own mask", async () => {
    const tokenizer = await openTokenizer(stories);
    const cells = { question: "Where is Mary?", passage: "Mary went to the office." };
    const { tensors } = await rowsToTensors([{ row: 0, cells }], map(two, cells), two, tokenizer);
    expect([tensors["question_ids"]?.dims, tensors["question_mask"]?.dims, tensors["passage_ids"]?.dims, tensors["passage_mask"]?.dims]).toEqual([
      [1, 6],
      [1, 6],
      [1, 8],
      [1, 8],
    ]);
  });

  test("each with its own tokenizer", async () => {
    const words = await openTokenizer(await fileOf("vocab.txt", "[PAD]\n[UNK]\nmary\n"));
    const [question, , passage] = two;
    const slots = [question, { ...passage, tokenizer: words }] as InputSlot[];
    const cells = { question: "Where is Mary?", passage: "Mary went" };
    const { tensors } = await rowsToTensors([{ row: 0, cells }], map(slots, cells), slots, await openTokenizer(stories));
    expect(Array.from(tensors["passage_ids"]?.data ?? [], Number)).toEqual([2, 1]);
    expect(tensors["question_ids"]?.dims).toEqual([1, 6]);
  });
});

test("a picture, a sound or lines of text feed the input of their kind, whatever a table's column is called in the sidecar", () => {
  const sound: InputSlot = {
    name: "input",
    dtype: "float32",
    dims: ["batch", "sequence"],
    role: "audio",
    audio: { rate: 16000, channels: 1, length: 576, scale: 1, standardise: false },
  };
  expect(map([sound], { audio: "vowel.wav" }, { inputs: { input: { columns: ["sound"] } } }).inputs["input"]).toEqual({ kind: "audio", columns: ["audio"] });
  const review: Sidecar = { inputs: { input_ids: { columns: ["review"] } } };
  expect(map(bert, { text: "A fine film of its kind." }, review).inputs["input_ids"]?.columns).toEqual(["text"]);
  expect(() => map(bert, { text: "A fine film of its kind.", stars: "4" }, review)).toThrow('needs the column "review"');
});
