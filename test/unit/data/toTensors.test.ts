import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mapColumns, type InputSlot } from "../../../src/data/mapping.js";
import { openSamples, readRows, type CellValue, type SampleRow } from "../../../src/data/samples.js";
import { openTokenizer } from "../../../src/data/tokenizer.js";
import { rowsToTensors, type RowTensors } from "../../../src/data/toTensors.js";
import type { Sidecar } from "../../../src/protocol/sidecar.js";
import { toNumbers } from "../../../src/tensor/tensor.js";
import { failure } from "./sampleFiles.js";

const examples = join(import.meta.dirname, "../../../examples");
const tokenizerFile = join(examples, "review-profile/tokenizer.json");
const features = (width: number | string, more: Partial<InputSlot> = {}): InputSlot => ({
  name: "x",
  dtype: "float32",
  dims: ["batch", width],
  role: "features",
  ...more,
});
const tokens: InputSlot = { name: "tokens", dtype: "int64", dims: ["batch", "sequence"], role: "tokens" };
const mask: InputSlot = { name: "mask", dtype: "int64", dims: ["batch", "sequence"], role: "mask" };

async function convert(slots: InputSlot[], records: Record<string, CellValue>[], sidecar?: Sidecar, padding?: "left" | "right"): Promise<RowTensors> {
  const rows = records.map((cells, row): SampleRow => ({ row, line: row + 2, cells }));
  const mapping = mapColumns(slots, Object.keys(records[0] ?? {}), rows, sidecar);
  return rowsToTensors(rows, mapping, slots, padding === undefined ? undefined : await openTokenizer(tokenizerFile, padding), "s.csv");
}

describe("numbers", () => {
  test("diabetes: rows stacked, names and values for people", async () => {
    const samples = await openSamples(join(examples, "diabetes/samples.csv"));
    const rows = await readRows(samples, [0, 2]);
    const slots: InputSlot[] = [{ name: "measurements", dtype: "float32", dims: ["batch", 8], role: "features" }];
    const { tensors, details } = await rowsToTensors(rows, mapColumns(slots, samples.columns, rows), slots);
    expect(tensors["measurements"]).toEqual({
      dtype: "float32",
      dims: [2, 8],
      data: Float32Array.from([4, 134, 72, 0, 0, 23.8, 0.277, 60, 9, 72, 78, 25, 0, 31.6, 0.28, 38]),
    });
    expect(details["measurements"]?.[0]).toEqual({ labels: samples.columns.slice(0, 8), values: [4, 134, 72, 0, 0, 23.8, 0.277, 60] });
    await samples.close();
  });

  test.each(["float16", "bfloat16", "int64", "uint8", "float64", "bool"] as const)("as %s", async (dtype) => {
    const { tensors } = await convert([features(3, { dtype })], [{ x: [0, 1, true] }]);
    expect(tensors["x"]).toMatchObject({ dtype, dims: [1, 3] });
    expect([...toNumbers(tensors["x"] ?? expect.fail("no tensor"))]).toEqual([0, 1, 1]);
  });

  test("half floats are rounded to the nearest, ties to even, and overflow to infinity", async () => {
    const { tensors } = await convert([features(5, { dtype: "float16" })], [{ x: [0.1, 1 + 2 ** -11, 65520, -6e-8, 1 + 3 * 2 ** -11] }]);
    expect([...toNumbers(tensors["x"] ?? expect.fail("no tensor"))]).toEqual([0.0999755859375, 1, Infinity, -5.960464477539063e-8, 1 + 2 ** -9]);
  });

  test("columns take the input's shape; a written-out batch axis of 1 is dropped", async () => {
    const slot: InputSlot = { name: "x", dtype: "float32", dims: ["batch", 2, 2], role: "unknown" };
    expect((await convert([slot], [{ a: 1, b: 2, c: 3, d: 4 }])).tensors["x"]?.dims).toEqual([1, 2, 2]);
    expect(
      (
        await convert(
          [slot],
          [
            {
              x: [
                [
                  [1, 2],
                  [3, 4],
                ],
              ],
            },
          ],
        )
      ).tensors["x"]?.dims,
    ).toEqual([1, 2, 2]);
  });

  test("words of a category by the sidecar", async () => {
    const { tensors, details } = await convert([features(2)], [{ age: 3, colour: "green" }], {
      inputs: { x: { columns: ["age", "colour"], categories: { colour: ["red", "green"] } } },
    });
    expect([...toNumbers(tensors["x"] ?? expect.fail("no tensor"))]).toEqual([3, 1]);
    expect(details["x"]?.[0]?.values).toEqual([3, "green"]);
  });

  test("text in a numeric column: file, line, column and value", async () => {
    const rows = [
      { a: "1", b: "2" },
      { a: "1", b: "high" },
      { a: "1", b: "3" },
    ];
    expect(await failure(() => convert([features(2)], rows))).toMatchObject({
      code: "VALUE_NOT_A_NUMBER",
      file: "s.csv",
      line: 3,
      message: 'Row 1 has "high" in the column "b", which takes numbers.',
    });
  });

  test.each(["", "NA", "nan", "?"])("a missing value (%j)", async (value) => {
    expect(
      await failure(() =>
        convert(
          [features(2)],
          [
            { a: "1", b: "2" },
            { a: value, b: "3" },
          ],
        ),
      ),
    ).toMatchObject({ code: "VALUE_NOT_A_NUMBER", line: 3, message: 'Row 1 has no value in the column "a".' });
  });

  test("a list of the wrong length, ragged lists, rows of different lengths", async () => {
    expect((await failure(() => convert([features(3)], [{ x: [1, 2, 3] }, { x: [1, 2] }]))).code).toBe("INPUT_INVALID");
    expect((await failure(() => convert([{ ...features(2), dims: ["batch", null, 2] }], [{ x: [[1, 2], [3]] }]))).message).toContain(
      "lists of different lengths",
    );
    expect((await failure(() => convert([features("n")], [{ x: [1, 2, 3] }, { x: [1, 2] }]))).message).toContain("differ in shape");
    expect((await failure(() => convert([features(3)], [{ x: [1, 2] }], { inputs: { x: { columns: ["x"] } } }))).message).toContain(
      "takes values of shape [3] a row, but the sample has [2]",
    );
  });
});

describe("texts", () => {
  const short = "A fine film";
  const long = "The plot makes no sense";

  test("padded on the left to the longest; where the real tokens are; mask and text", async () => {
    const { tensors, details } = await convert([tokens, mask], [{ text: short }, { text: long }], undefined, "left");
    expect(tensors["tokens"]?.dims).toEqual([2, 5]);
    expect([...toNumbers(tensors["tokens"] ?? expect.fail("no tensor"))].slice(0, 3).map((id) => id === 0)).toEqual([true, true, false]);
    expect([...toNumbers(tensors["mask"] ?? expect.fail("no tensor"))]).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(details["tokens"]?.[0]).toMatchObject({
      labels: ["a", "fine", "film"],
      spans: [
        [0, 1],
        [2, 6],
        [7, 11],
      ],
      start: 2,
      length: 3,
      text: short,
    });
    expect(details["tokens"]?.[0]?.values).toHaveLength(3);
  });

  test("padded on the right", async () => {
    const { tensors, details } = await convert([tokens], [{ text: short }, { text: long }], undefined, "right");
    expect([...toNumbers(tensors["tokens"] ?? expect.fail("no tensor"))].slice(3, 5)).toEqual([0, 0]);
    expect(details["tokens"]?.[0]).toMatchObject({ start: 0, length: 3 });
  });

  test("a model of fixed length: longer texts are cut, and it is said", async () => {
    const { tensors, details, diagnostics } = await convert([{ ...tokens, dims: ["batch", 4] }], [{ text: short }, { text: long }], undefined, "right");
    expect(tensors["tokens"]?.dims).toEqual([2, 4]);
    expect(details["tokens"]?.[1]?.labels).toEqual(["the", "plot", "makes", "no"]);
    expect(diagnostics).toEqual([
      { code: "APPROXIMATION", severity: "warning", message: "The text of row 1 has 5 tokens; the model sees the first 4.", file: "s.csv", line: 3 },
    ]);
  });

  test("ids instead of a text are turned back into words", async () => {
    const { details } = await convert([tokens], [{ tokens: [3, 22] }], undefined, "left");
    expect(details["tokens"]?.[0]).toEqual({ labels: ["the", "film"], values: [3, 22], special: [false, false], start: 0, length: 2 });
  });

  test("a text without a tokenizer, an empty text, ids that are none", async () => {
    expect((await failure(() => convert([tokens], [{ text: short }]))).message).toContain("no tokenizer is known");
    expect((await failure(() => convert([tokens], [{ text: short }, { text: "  " }], undefined, "left"))).message).toBe("The text of row 1 has no tokens.");
    expect((await failure(() => convert([tokens], [{ tokens: [1, 2.5] }]))).message).toContain("2.5 as a token id");
  });
});
