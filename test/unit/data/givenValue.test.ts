import { join } from "node:path";
import { expect, test } from "vitest";
import type { InputSlot } from "../../../src/data/inputSlot.js";
import { givenCell } from "../../../src/data/givenValue.js";
import { mapColumns } from "../../../src/data/mapping.js";
import { rowsToTensors, type InputDetail } from "../../../src/data/toTensors.js";
import { openTokenizer, type Tokenizer } from "../../../src/data/tokenizer.js";
import { toNumbers, type Tensor } from "../../../src/tensor/tensor.js";
import { failure, fileOf } from "./sampleFiles.js";

const three: InputSlot = { name: "x", dtype: "float32", dims: ["batch", 3], role: "features", features: ["a", "b", "c"] };
const scalar: InputSlot = { name: "rate", dtype: "int64", dims: [], role: "flag" };
const tokens: InputSlot = { name: "tokens", dtype: "int64", dims: ["batch", "sequence"], role: "tokens" };
const reviews = join(import.meta.dirname, "../../../examples/review-profile/tokenizer.json");

async function parseValue(text: string, slot: InputSlot, tokenizer?: Tokenizer): Promise<{ tensor: Tensor; detail: InputDetail }> {
  const { cell } = await givenCell(text, slot);
  const row = { row: 0, cells: { [slot.name]: cell } };
  const { tensors, details } = await rowsToTensors([row], mapColumns([slot], [slot.name], [row]), [slot], tokenizer);
  return { tensor: tensors[slot.name] ?? expect.fail("no tensor"), detail: details[slot.name]?.[0] ?? expect.fail("no detail") };
}

test.each(["[1, 2.5, 3]", "[[1, 2.5, 3]]", "1, 2.5, 3", "1 2.5 3", "1;2.5;3"])("three numbers: %s", async (text) => {
  const { tensor, detail } = await parseValue(text, three);
  expect(tensor).toEqual({ dtype: "float32", dims: [1, 3], data: Float32Array.from([1, 2.5, 3]) });
  expect(detail).toEqual({ values: [1, 2.5, 3], labels: ["a", "b", "c"] });
});

test("a single value, for an input without axes and for a column", async () => {
  expect((await parseValue("16000", scalar)).tensor).toEqual({ dtype: "int64", dims: [], data: BigInt64Array.from([16000n]) });
  expect((await parseValue("2", { ...three, dims: ["batch", 1] })).tensor.dims).toEqual([1, 1]);
  expect([...toNumbers((await parseValue("true", { ...scalar, dtype: "bool" })).tensor)]).toEqual([1]);
});

test("a text for a token input, and its ids", async () => {
  const tokenizer = await openTokenizer(reviews, "left");
  const { tensor, detail } = await parseValue("the film", tokens, tokenizer);
  expect([tensor.dims, [...toNumbers(tensor)], detail.labels]).toEqual([
    [1, 2],
    [3, 22],
    ["the", "film"],
  ]);
  expect([...toNumbers((await parseValue("[3, 22]", tokens, tokenizer)).tensor)]).toEqual([3, 22]);
  expect((await parseValue("[the film]", tokens, tokenizer)).detail.labels).toEqual(["[UNK]", "the", "film", "[UNK]"]);
});

test("from a file", async () => {
  expect((await parseValue(`@${await fileOf("v.json", "[1, 2, 3]")}`, three)).tensor.dims).toEqual([1, 3]);
  expect((await parseValue(`@${await fileOf("v.csv", "a,b,c\n1,2,3\n4,5,6\n")}`, three)).detail.values).toEqual([1, 2, 3]);
  expect((await parseValue(`@${await fileOf("v.txt", "the film\n")}`, tokens, await openTokenizer(reviews))).detail.labels).toEqual(["the", "film"]);
  expect((await failure(() => parseValue("@/nowhere/v.json", three))).code).toBe("FILE_NOT_FOUND");
});

test("values that can't be one", async () => {
  for (const text of ["", "word", "[1, 2", "[1, 2]", "[1, [2], 3]"]) expect((await failure(() => parseValue(text, three))).code, text).toBe("INPUT_INVALID");
  expect((await failure(() => parseValue('[1, "x", 3]', three))).code).toBe("VALUE_NOT_A_NUMBER");
});
