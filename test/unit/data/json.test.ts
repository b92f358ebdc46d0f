import { join } from "node:path";
import { expect, test } from "vitest";
import { openSamples } from "../../../src/data/samples.js";
import { failure, opened, rowsOf } from "./sampleFiles.js";

test.each([
  [
    "an array of objects",
    '[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]',
    [
      { a: 1, b: "x" },
      { a: 2, b: "y" },
    ],
  ],
  [
    "an array of arrays",
    "[[1, 2], [3, 4]]",
    [
      { "column 1": 1, "column 2": 2 },
      { "column 1": 3, "column 2": 4 },
    ],
  ],
  [
    "an array of tensors",
    "[[[1, 2], [3, 4]]]",
    [
      {
        value: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
  ],
  ["an array of texts", '["one", "two"]', [{ text: "one" }, { text: "two" }]],
  ["one row of numbers", "[6, 148, 72]", [{ "column 1": 6, "column 2": 148, "column 3": 72 }]],
  [
    "columns",
    '{"a": [1, 2], "b": ["x", "y"]}',
    [
      { a: 1, b: "x" },
      { a: 2, b: "y" },
    ],
  ],
  [
    "columns and data",
    '{"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}',
    [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
  ],
  ["one object", '{"text": "hi", "profile": [1, 2]}', [{ text: "hi", profile: [1, 2] }]],
  ["one object with one list of numbers", '{"x": [1, 2, 3]}', [{ x: [1, 2, 3] }]],
  ["objects in objects", '[{"p": {"a": 1, "b": 2}, "n": null}]', [{ "p.a": 1, "p.b": 2, n: null }]],
  ["a byte-order mark", '\uFEFF[{"a": 1}]', [{ a: 1 }]],
])("JSON: %s", async (_, content, expected) => {
  expect((await rowsOf("x.json", content)).map((row) => row.cells)).toEqual(expected);
});

test("JSON lines: the review samples", async () => {
  const samples = await openSamples(join(import.meta.dirname, "../../../examples/review-profile/samples.jsonl"));
  expect([samples.kind, samples.columns, await samples.count()]).toEqual(["jsonl", ["text", "profile", "label"], 10]);
  expect((await samples.rows(1, 1))[0]).toEqual({
    row: 1,
    line: 2,
    cells: { text: "The plot makes no sense and the jokes fall flat.", profile: [10, 0, 0.0208, 0, 1], label: "negative" },
  });
  await samples.close();
});

test("broken JSON names line and column", async () => {
  expect(await failure(() => opened("x.json", '[{"a": 1},\n {"a": NaN}]'))).toMatchObject({ code: "SAMPLES_INVALID", line: 2, column: 8 });
  expect((await failure(() => opened("x.json", '[{"a": 1'))).code).toBe("SAMPLES_INVALID");
  expect((await failure(() => opened("x.json", "[]"))).code).toBe("SAMPLES_EMPTY");
  expect((await failure(() => opened("x.json", "7"))).code).toBe("SAMPLES_INVALID");
});

test("broken JSON lines name the line, also beyond the first hundred", async () => {
  const lines = Array.from({ length: 300 }, (_, i) => (i === 250 ? '{"a": }' : `{"a": ${i}}`));
  expect(await failure(() => rowsOf("x.jsonl", lines.join("\n")))).toMatchObject({ code: "SAMPLES_INVALID", line: 251 });
  expect((await failure(() => opened("x.jsonl", "\n\n"))).code).toBe("SAMPLES_EMPTY");
});

test("plain text: a line a row, blank lines left out", async () => {
  expect(await rowsOf("x.txt", "one\n\ntwo\n")).toEqual([
    { row: 0, line: 1, cells: { text: "one" } },
    { row: 1, line: 3, cells: { text: "two" } },
  ]);
});
