import { describe, expect, it } from "vitest";
import { defaultBaseline, resolveBaseline, suits, type BaselineSources } from "../../../src/explain/baselines.js";
import { tensor, toNumbers, type Tensor } from "../../../src/tensor/tensor.js";

const floats = (...rows: readonly number[][]): readonly Tensor[] => rows.map((row) => tensor("float32", [1, row.length], row));
const features: BaselineSources = {
  name: "x",
  role: "features",
  dtype: "float32",
  hasFile: true,
  rows: floats([1, 2], [3, 4]),
  ids: undefined,
  kept: [new Set(), new Set()],
  hasTraining: true,
  population: () => Promise.resolve(floats([0, 10], [2, 30], [4, 20], [6, 0])),
  medoids: (count) => Promise.resolve(floats([0, 10], [2, 30], [4, 20]).slice(0, count)),
  row: (row) => Promise.resolve(tensor("float32", [1, 2], [row, row])),
  file: (path) => Promise.resolve(path === "one" ? floats([7, 8]) : path === "two" ? floats([1, 1], [2, 2]) : floats([0, 0], [1, 1], [2, 2])),
};
const tokens: BaselineSources = {
  ...features,
  name: "ids",
  role: "tokens",
  dtype: "int64",
  rows: [tensor("int64", [1, 4], [101, 7, 8, 102])],
  ids: { pad: 0, mask: 103 },
  kept: [new Set([0, 3])],
};
const resolved = async (text: string, sources = features, distribution = false): Promise<unknown> => {
  const baseline = await resolveBaseline(text, sources, distribution);
  if (baseline.kind === "several") return { several: baseline.parts.map((part) => part.map((t) => [...toNumbers(t)])) };
  return baseline.kind === "rows" ? baseline.rows.map((t) => [...toNumbers(t)]) : { dims: baseline.tensor.dims, data: [...toNumbers(baseline.tensor)] };
};

describe("resolveBaseline", () => {
  it.each([
    [
      "zero",
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      "-1.5",
      [
        [-1.5, -1.5],
        [-1.5, -1.5],
      ],
    ],
    [
      "mean",
      [
        [3, 15],
        [3, 15],
      ],
    ],
    [
      "median",
      [
        [3, 15],
        [3, 15],
      ],
    ],
    [
      "row:9",
      [
        [9, 9],
        [9, 9],
      ],
    ],
    [
      "@one",
      [
        [7, 8],
        [7, 8],
      ],
    ],
    [
      "@two",
      [
        [1, 1],
        [2, 2],
      ],
    ],
  ])("%s", async (text, expected) => {
    expect(await resolved(text)).toEqual(expected);
  });

  it("takes the middle of an odd number of rows as the median, whatever their order", async () => {
    expect(await resolved("median", { ...features, population: () => Promise.resolve(floats([9, 1], [1, 2], [2, 100])) })).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  it("takes several rows as a distribution where the method does, or where they are not as many as the sample's", async () => {
    expect(await resolved("@two", features, true)).toEqual({ dims: [2, 2], data: [1, 1, 2, 2] });
    expect(await resolved("@two")).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(await resolved("@three")).toEqual({ dims: [3, 2], data: [0, 0, 1, 1, 2, 2] });
  });

  it("takes the whole population or some of it, evenly spaced", async () => {
    expect(await resolved("population")).toEqual({ dims: [4, 2], data: [0, 10, 2, 30, 4, 20, 6, 0] });
    expect(await resolved("population:2")).toEqual({ dims: [2, 2], data: [0, 10, 4, 20] });
    await expect(resolved("population:0")).rejects.toThrow(/no rows to take/);
  });

  it("takes several baselines of which credits are the average", async () => {
    expect(await resolved("zero+row:5")).toEqual({
      several: [
        [
          [0, 0],
          [0, 0],
        ],
        [
          [5, 5],
          [5, 5],
        ],
      ],
    });
    expect(await resolved("zero+pad", tokens)).toEqual({ several: [[[0, 0, 0, 0]], [[101, 0, 0, 102]]] });
    await expect(resolved("zero+population")).rejects.toThrow(/several baselines already/);
    expect(suits("zero+mean", tokens)).toBe(false);
    expect(suits("zero+mean", features)).toBe(true);
  });

  it("keeps special tokens and replaces the others", async () => {
    expect(await resolved("pad", tokens)).toEqual([[101, 0, 0, 102]]);
    expect(await resolved("mask", tokens)).toEqual([[101, 103, 103, 102]]);
    expect(await resolved("5", tokens)).toEqual([[5, 5, 5, 5]]);
  });

  it.each([
    ["unk", tokens, /the tokenizer has no unk token/],
    ["mean", tokens, /token ids have no average/],
    ["0.5", tokens, /whole numbers/],
    ["pad", features, /its role is features/],
    ["middle", features, /that is no baseline/],
    ["", features, /that is no baseline/],
    ["@one", { ...features, rows: floats([1, 2, 3]) }, /shape \[2\] where the sample has \[3\]/],
  ])("refuses %s", async (text, sources, message) => {
    await expect(resolved(text, sources)).rejects.toThrow(message);
  });
});

describe("text", () => {
  const words = (...rows: readonly string[][]): readonly Tensor[] => rows.map((row) => ({ dtype: "string", dims: [1, row.length], data: row }));
  const categories: BaselineSources = {
    ...features,
    name: "colour",
    role: "categories",
    dtype: "string",
    rows: words(["red", "S"], ["blue", "L"]),
    population: () => Promise.resolve(words(["red", "S"], ["blue", "M"], ["blue", "S"])),
    row: () => Promise.resolve(words(["green", "XL"])[0] ?? expect.fail()),
  };
  const texts = async (text: string): Promise<unknown> => {
    const baseline = await resolveBaseline(text, categories, false);
    return baseline.kind === "rows" ? baseline.rows.map((row) => row.data) : baseline.kind;
  };

  it("starts from its most frequent values, from none, from rows or from what is said", async () => {
    expect(defaultBaseline(categories)).toBe("mode");
    expect(defaultBaseline({ ...categories, hasFile: false })).toBe("empty");
    const twice = (...values: readonly string[]): unknown => [values, values];
    expect(await texts("mode")).toEqual(twice("blue", "S"));
    expect(await texts("empty")).toEqual(twice("", ""));
    expect(await texts("violet")).toEqual(twice("violet", "violet"));
    expect(await texts("7")).toEqual(twice("7", "7"));
    expect(await texts("row:3")).toEqual(twice("green", "XL"));
    expect(await texts("population")).toBe("distribution");
  });

  it("has no averages and no zero", async () => {
    for (const word of ["zero", "mean", "pad", "blur:2", "medoids"]) await expect(texts(word)).rejects.toThrow(/it holds text/);
    expect(["zero", "mean", "violet", "mode", "row:1", "population:5"].map((word) => suits(word, categories))).toEqual([false, false, false, true, true, true]);
    expect(suits("mode", features)).toBe(false);
  });
});

describe("the default", () => {
  it.each([
    ["mean", features],
    ["zero", { ...features, hasTraining: false }],
    ["pad", tokens],
    ["zero", { ...tokens, ids: undefined }],
  ])("is %s", (expected, sources) => {
    expect(defaultBaseline(sources)).toBe(expected);
  });

  it("does not put averages on ids, nor tokens on numbers", () => {
    expect([suits("mean", tokens), suits("mean", features), suits("pad", tokens), suits("pad", features), suits("0.5", tokens), suits("zero", tokens)]).toEqual(
      [false, true, true, false, false, true],
    );
  });
});
