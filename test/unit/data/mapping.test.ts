import { describe, expect, test } from "vitest";
import { mapColumns, type InputSlot, type Mapping } from "../../../src/data/mapping.js";
import type { CellValue, SampleRow } from "../../../src/data/samples.js";
import type { Sidecar } from "../../../src/protocol/sidecar.js";
import { failure } from "./sampleFiles.js";

const numbers = (name: string, width: number): InputSlot => ({ name, dtype: "float32", dims: ["batch", width], role: "features" });
const tokens: InputSlot = { name: "tokens", dtype: "int64", dims: ["batch", "sequence"], role: "tokens" };
const rowOf = (cells: Record<string, CellValue>): SampleRow => ({ row: 0, line: 2, cells });
const map = (slots: InputSlot[], cells: Record<string, CellValue>, sidecar?: Sidecar): Mapping =>
  mapColumns(slots, Object.keys(cells), [rowOf(cells)], sidecar);

const patient = { pregnant: "6", glucose: "148", pressure: "72", triceps: "35", insulin: "0", mass: "33.6", pedigree: "0.6", age: "50" };
const eight = Object.keys(patient);

describe("numbers by width", () => {
  test("eight numbers and a label: the label is known without being told", () => {
    const mapping = map([numbers("measurements", 8)], { ...patient, diabetes: "pos" });
    expect(mapping.inputs).toEqual({ measurements: { kind: "columns", columns: eight, features: eight } });
    expect(mapping.label).toBe("diabetes");
    expect(mapping.words()).toEqual(["measurements ← pregnant, glucose, pressure, triceps, insulin, mass, pedigree, age"]);
  });

  test("an id column and a label of numbers are left out by their names", () => {
    const mapping = map([numbers("measurements", 8)], { id: "17", ...patient, outcome: "1" });
    expect(mapping).toMatchObject({ label: "outcome", id: "id", ignored: [], inputs: { measurements: { columns: eight } } });
  });

  test("a column named like a label is a feature when the model takes it", () => {
    expect(map([numbers("x", 3)], { a: "1", b: "2", class: "3" }).inputs["x"]?.columns).toEqual(["a", "b", "class"]);
  });

  test("one number too many, and no name that says which: ambiguous", async () => {
    const diagnostic = await failure(() => map([numbers("measurements", 8)], { ...patient, weight: "70" }));
    expect(diagnostic).toMatchObject({
      code: "COLUMNS_AMBIGUOUS",
      message: expect.stringContaining('takes 8 numbers, but the sample file has 9 columns of numbers ("pregnant"') as string,
    });
    expect(diagnostic.hint).toContain('"measurements": { "columns"');
  });

  test("a missing column: what was found and what is expected", async () => {
    const { age: _, ...seven } = patient;
    expect(await failure(() => map([numbers("measurements", 8)], { ...seven, diabetes: "pos" }))).toMatchObject({
      code: "COLUMN_MISSING",
      message: expect.stringContaining("takes 8 numbers, but the sample file has 7 columns of numbers") as string,
    });
  });

  test("a missing column is named where the feature names are known", async () => {
    const { age: _, ...seven } = patient;
    expect((await failure(() => map([{ ...numbers("measurements", 8), features: eight }], seven))).hint).toBe('Missing: "age".');
  });

  test("text where numbers belong is named when columns are missing", async () => {
    expect((await failure(() => map([numbers("measurements", 8)], { ...patient, glucose: "high" }))).message).toContain('"glucose" holds text ("high")');
  });

  test("a list of the input's length", () => {
    expect(map([numbers("x", 3)], { values: [1, 2, 3], other: 5 }).inputs["x"]).toEqual({ kind: "cell", columns: ["values"] });
  });

  test("two inputs of numbers without names: ambiguous", async () => {
    expect(await failure(() => map([numbers("a", 1), numbers("b", 1)], { x: 1, y: 2 }))).toMatchObject({ code: "COLUMNS_AMBIGUOUS" });
  });
});

describe("by name", () => {
  test("each input its column; numbered columns; the case does not matter", () => {
    const mapping = map([numbers("left", 1), numbers("right", 2), numbers("wide", 2)], { Left: 1, "right.x": 2, "right.y": 3, wide: [4, 5] });
    expect(mapping.inputs).toEqual({
      left: { kind: "columns", columns: ["Left"], features: ["Left"] },
      right: { kind: "columns", columns: ["right.x", "right.y"], features: ["x", "y"] },
      wide: { kind: "cell", columns: ["wide"] },
    });
  });

  test("feature names found beside the model choose among more columns, in their order", () => {
    expect(map([{ ...numbers("x", 2), features: ["b", "a"] }], { a: 1, b: 2, c: 3 }).inputs["x"]?.columns).toEqual(["b", "a"]);
  });
});

describe("the sidecar", () => {
  test("columns in its order, names for people, the label", () => {
    const mapping = map(
      [numbers("x", 2)],
      { a: 1, b: 2, c: 3, truth: "yes" },
      { inputs: { x: { columns: ["c", "a"], features: ["see", "eh"] } }, label: "truth" },
    );
    expect(mapping).toMatchObject({ inputs: { x: { columns: ["c", "a"], features: ["see", "eh"] } }, label: "truth", ignored: ["b"] });
  });

  test("its columns name the elements of a file without names", () => {
    const sidecar: Sidecar = { inputs: { x: { columns: ["age", "mass"] } } };
    expect(map([numbers("x", 2)], { value: [1, 2] }, sidecar).inputs["x"]).toEqual({ kind: "cell", columns: ["value"], features: ["age", "mass"] });
    expect(map([numbers("x", 2)], { "column 1": "1", "column 2": "2", "column 3": "pos" }, sidecar).inputs["x"]).toEqual({
      kind: "columns",
      columns: ["column 1", "column 2"],
      features: ["age", "mass"],
    });
    expect(map([numbers("x", 2)], { x: [1, 2] }, sidecar).inputs["x"]).toEqual({ kind: "cell", columns: ["x"], features: ["age", "mass"] });
  });

  test("a column it names is missing", async () => {
    expect(await failure(() => map([numbers("x", 2)], { a: 1, b: 2 }, { inputs: { x: { columns: ["a", "z"] } } }))).toMatchObject({
      code: "COLUMN_MISSING",
      message: 'The input "x" needs the column "z", which the sample file does not have. It has "a", "b".',
    });
  });
});

describe("text", () => {
  const review = { text: "A fine film.", profile: [3, 0, 0, 0, 1], label: "positive" };

  test("review and profile", () => {
    const mapping = map([tokens, { ...numbers("profile", 5), features: ["words", "marks", "capitals", "digits", "movie"] }], review);
    expect(mapping.inputs).toEqual({
      tokens: { kind: "text", columns: ["text"] },
      profile: { kind: "cell", columns: ["profile"], features: ["words", "marks", "capitals", "digits", "movie"] },
    });
    expect(mapping.label).toBe("label");
    expect(mapping.words()).toEqual(["tokens ← text", "profile ← profile"]);
  });

  test("mask and token types are made with the tokens", () => {
    const mask: InputSlot = { name: "attention_mask", dtype: "int64", dims: ["batch", "sequence"], role: "mask" };
    const mapping = map([tokens, mask], { comment: "A fine film." });
    expect(mapping.inputs["attention_mask"]).toEqual({ kind: "derived", columns: [], from: "tokens" });
    expect(mapping.words()[1]).toBe("attention_mask ← made with tokens");
  });

  test("token ids given as lists", () => {
    expect(map([tokens], { tokens: [4, 5, 6] }).inputs["tokens"]).toEqual({ kind: "cell", columns: ["tokens"] });
  });

  test("two columns that could be the text: ambiguous; none: missing", async () => {
    expect((await failure(() => map([tokens], { first: "a long enough sentence", second: "another long sentence" }))).code).toBe("COLUMNS_AMBIGUOUS");
    expect((await failure(() => map([tokens], { a: "1", b: "2" }))).code).toBe("COLUMN_MISSING");
  });
});

test("an input that is given directly needs no column", () => {
  expect(mapColumns([numbers("x", 2), numbers("y", 1)], ["a", "b"], [rowOf({ a: 1, b: 2 })], undefined, ["y"]).inputs).toEqual({
    x: { kind: "columns", columns: ["a", "b"], features: ["a", "b"] },
  });
});
