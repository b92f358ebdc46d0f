import { describe, expect, test } from "vitest";
import type { Credit, Result } from "../../../src/protocol/explanation.js";
import { cellMarks } from "../../../src/vscode/code/cellMarks.js";
import { recordCells } from "../../../src/vscode/code/recordCells.js";
import { recordKind, type RecordKind } from "../../../src/vscode/code/recordKind.js";
import { recordAt, recordStarts } from "../../../src/vscode/code/recordStarts.js";

/** The text of every cell, as it is written. */
function written(kind: RecordKind, text: string, columns: readonly string[]): Record<string, string> | undefined {
  const cells = recordCells(kind, text, columns);
  return cells === undefined ? undefined : Object.fromEntries([...cells].map(([column, { from, to }]) => [column, text.slice(from, to)]));
}

const resultOf = (attributions: Readonly<Record<string, Credit>>): Result => ({
  row: 0,
  prediction: { value: "y", data: [1] },
  score: 1,
  baselineScore: 0,
  delta: 0,
  points: 1,
  attributions,
});

describe("cells of a record", () => {
  test.each<[string, RecordKind, string, readonly string[], Record<string, string> | undefined]>([
    ["commas", "csv", "1,2.5,neg\n7,8,pos", ["a", "b", "c"], { a: "1", b: "2.5", c: "neg" }],
    ["semicolons with decimal commas", "csv", "1;2,5;neg\r\n", ["a", "b", "c"], { a: "1", b: "2,5", c: "neg" }],
    ["tabs", "csv", "1\t2", ["a", "b"], { a: "1", b: "2" }],
    ["quotes, a delimiter inside, a doubled quote", "csv", '"a, ""b""",2\n', ["t", "n"], { t: 'a, ""b""', n: "2" }],
    ["a quoted field over two lines", "csv", '"a\nb",2\n3,4', ["t", "n"], { t: "a\nb", n: "2" }],
    ["empty fields", "csv", ",,\n", ["a", "b", "c"], { a: "", b: "", c: "" }],
    ["another number of fields", "csv", "1,2\n", ["a", "b", "c"], undefined],
    ["JSON lines", "jsonl", '{"t": "x \\"y\\"", "n": [1, -2.5]}\n{}', ["t", "n"], { t: 'x \\"y\\"', n: "[1, -2.5]" }],
    ["a bare list", "jsonl", "[1, 2]\n", ["value"], { value: "[1, 2]" }],
    ["text", "text", "one two\nthree", ["text"], { text: "one two" }],
  ])("%s", (_, kind, text, columns, expected) => {
    expect(written(kind, text, columns)).toEqual(expected);
  });

  test("kinds by suffix", () => {
    expect(["a.CSV", "a.tsv", "a.ndjson", "a.txt", "a.npy", "a"].map(recordKind)).toEqual(["csv", "csv", "jsonl", "text", undefined, undefined]);
  });
});

describe("credit of cells", () => {
  test("one number a column, on one scale over all inputs", () => {
    const cells = recordCells("csv", "10,20,30", ["a", "b", "c"]);
    const marks = cellMarks(
      cells ?? new Map(),
      { x: { kind: "columns", columns: ["c", "a"] }, z: { kind: "cell", columns: ["b"] } },
      resultOf({ x: { dims: [2], data: [0.5, -0.25], labels: ["C", "A"], values: [30, 10] }, z: { dims: [3], data: [0.25, 0.5, 0.25] } }),
    );
    expect(marks.map(({ from, to, credit, strength, what }) => [from, to, credit, strength, what])).toEqual([
      [6, 8, 0.5, 0.5, "C = 30"],
      [0, 2, -0.25, 0.25, "A = 10"],
      // A cell whose elements can't be told apart has the credit of all of them.
      [3, 5, 1, 1, "b"],
    ]);
  });

  test("a list in a line of JSON: every number has its own", () => {
    const text = '{"p": [[1, 2], [3, 4]]}';
    const marks = cellMarks(
      recordCells("jsonl", text, ["p"]) ?? new Map(),
      { x: { kind: "cell", columns: ["p"] } },
      resultOf({ x: { dims: [2, 2], data: [1, -2, 0, 4] } }),
    );
    expect(marks.map(({ from, to, credit }) => [text.slice(from, to), credit])).toEqual([
      ["1", 1],
      ["2", -2],
      ["3", 0],
      ["4", 4],
    ]);
  });

  test("words are found behind escapes and after characters of two units; pieces of a word are one", () => {
    const value = '😀 "naïve" unbelievable';
    const text = JSON.stringify({ t: value }).replace("ï", "\\u00ef");
    const at = (word: string): readonly [number, number] => [value.indexOf(word), value.indexOf(word) + word.length];
    const marks = cellMarks(
      recordCells("jsonl", text, ["t"]) ?? new Map(),
      { ids: { kind: "text", columns: ["t"] }, mask: { kind: "derived", columns: [] } },
      resultOf({
        ids: {
          dims: [4],
          data: [0, 0.5, 0.25, 0.25],
          labels: ["[CLS]", "naïve", "un", "##believable"],
          spans: [[0, 0], at("naïve"), at("un"), at("believable")],
        },
        mask: { dims: [4], data: [0, 0, 0, 0] },
      }),
    );
    expect(marks.map(({ from, to, credit }) => [text.slice(from, to), credit])).toEqual([
      ["na\\u00efve", 0.5],
      ["unbelievable", 0.5],
    ]);
  });

  test("doubled quotes of CSV count once", () => {
    const text = '"say ""no"" now",1';
    const marks = cellMarks(
      recordCells("csv", text, ["t", "n"]) ?? new Map(),
      { ids: { kind: "text", columns: ["t"] } },
      resultOf({ ids: { dims: [1], data: [1], labels: ["now"], spans: [[9, 12]] } }),
    );
    expect(marks.map(({ from, to }) => text.slice(from, to))).toEqual(["now"]);
  });
});

describe("the row under the cursor", () => {
  const text = 'a,b\n\n1,"x\ny"\n2,z\n\n3,w\n';
  const starts = recordStarts(text, true);

  test("records start after blank lines, not inside quotes", () => {
    expect(starts).toEqual([0, 2, 4, 6]);
    expect(recordStarts('it is 5" long\nnext', false)).toEqual([0, 1]);
  });

  test("the header is no row; the second line of a record is its record's; what is after the last is the last's", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((line) => recordAt(starts, 3, line)?.row)).toEqual([undefined, undefined, 0, 0, 1, 1, 2, 2]);
    expect(recordAt(starts, 3, 3)?.line).toBe(2);
    expect(recordAt(starts, undefined, 3)).toBeUndefined();
    // No header: the first record is row 0.
    expect(recordAt(starts, 1, 0)).toEqual({ row: 0, line: 0 });
  });
});
