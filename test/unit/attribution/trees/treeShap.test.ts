import { expect, test } from "vitest";
import type { Attribute, Graph } from "../../../../src/graph/ir.js";
import type { AttributionRequest } from "../../../../src/protocol/request.js";
import { createAttributor } from "../../../../src/runtime/attribute.js";
import type { Attributed } from "../../../../src/runtime/openModel.js";
import { uniforms } from "../../../../src/attribution/random.js";
import { tensor, type Tensor } from "../../../../src/tensor/tensor.js";
import { float32, floats, op } from "../../graph/build.js";
import { credit, deviation } from "../engine.js";
import { ensemble, grow, listed, type Grown } from "./forest.js";

const columns = 5;
const one = { kind: "int", value: 1 } as const;
const text = (value: string): Attribute => ({ kind: "string", value });
const classes = (n: number): Attribute => ({ kind: "ints", value: [...Array(n).keys()] });
const forest = (count: number, seed: number, leastWeight = -1): Grown[] => Array.from({ length: count }, (_, i) => grow(seed + i, columns, 4, leastWeight));

/** Rows of small whole numbers, some of them missing. */
function table(rows: number, seed: number): Tensor {
  const next = uniforms(seed);
  return float32(
    [rows, columns],
    Array.from({ length: rows * columns }, () => (next() < 0.1 ? NaN : Math.floor(next() * 4))),
  );
}

async function ask(graph: Graph, request: Partial<AttributionRequest> & Pick<AttributionRequest, "method">): Promise<Attributed> {
  const attributor = createAttributor(graph, {});
  try {
    return await attributor.attribute({ inputs: { x: table(3, 1) }, targets: [{ value: "y", index: [0] }], ...request });
  } finally {
    await attributor.dispose();
  }
}

const background = { baselines: { x: table(4, 2) }, distribution: true };

test.each([10, 20, 30])("against background rows the credits are those of all coalitions, for every comparison and for missing values (%i)", async (seed) => {
  const graph = listed(forest(6, seed), columns, { kind: "Regressor", outputOf: () => 0 });
  const exact = await ask(graph, { method: "shapleyValues", ...background });
  const { result } = await ask(graph, { method: "treeShap", ...background });
  expect(deviation(credit(result, "x").data, credit(exact.result, "x").data)).toBeLessThan(1e-5);
  expect(Math.max(...(result.delta ?? [NaN]).map(Math.abs))).toBeLessThan(1e-12);
});

test("along the trees' paths the credits are those of all coalitions of expected margins", async () => {
  const trees = forest(5, 40);
  const graph = listed(trees, columns, { kind: "Regressor", outputOf: () => 0 });
  const x = [1, 2, NaN, 0, 3];
  const { result } = await ask(graph, { method: "treeShap", inputs: { x: float32([1, columns], x) }, options: { perturbation: "path" } });
  const game = (mask: number): number => trees.reduce((sum, tree) => sum + expected(tree, x, mask), 0);
  expect(deviation(credit(result, "x").data, shapley(game))).toBeLessThan(1e-9);
  expect(result.baselineScore?.[0]).toBeCloseTo(game(0), 9);
  expect(result.score?.[0]).toBeCloseTo(game(2 ** columns - 1), 9);
});

/** The tree's value when only the columns of `mask` are known: unknown ones go both ways, by cover. */
function expected(tree: Grown, x: readonly number[], mask: number): number {
  if (tree.kind === "leaf") return tree.weight;
  const [yes, no] = [expected(tree.yes, x, mask), expected(tree.no, x, mask)];
  if (((mask >> tree.column) & 1) === 0) return (yes * tree.yes.cover + no * tree.no.cover) / tree.cover;
  const v = x[tree.column] ?? NaN;
  const t = tree.threshold;
  const by: Readonly<Record<string, boolean>> = { LEQ: v <= t, LT: v < t, GTE: v >= t, GT: v > t, EQ: v === t, NEQ: v !== t };
  return (Number.isNaN(v) && tree.missing === 1) || by[tree.mode.replace("BRANCH_", "")] === true ? yes : no;
}

/** Shapley values by their definition. */
function shapley(game: (mask: number) => number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: columns }, (_, f) => {
    let sum = 0;
    for (let mask = 0; mask < 2 ** columns; mask++) {
      if ((mask >> f) & 1) continue;
      const size = mask.toString(2).replaceAll("0", "").length;
      sum += ((factorial(size) * factorial(columns - size - 1)) / factorial(columns)) * (game(mask | (1 << f)) - game(mask));
    }
    return sum;
  });
}

test.each([
  ["weights for the first class alone speak for the second", { least: -1, base: [], of: 0 }],
  ["with a base value", { least: -1, base: [0.3], of: 0 }],
  ["positive weights: the first class gets what is left of 1", { least: 0.01, base: [], of: 0 }],
  ["two base values: each for its own class", { least: -1, base: [0.3, 0.7], of: 0 }],
  ["weights for the second class", { least: -1, base: [], of: 1 }],
])("two classes, %s", async (_, { least, base, of }) => {
  const extra = { classlabels_int64s: classes(2), post_transform: text("NONE"), ...(base.length === 0 ? {} : { base_values: floats(...base) }) };
  const graph = listed(forest(4, 50, least), columns, { kind: "Classifier", outputOf: () => of, extra });
  for (const index of [[0], [1]]) {
    const targets = [{ value: "y", index }];
    const exact = await ask(graph, { method: "shapleyValues", ...background, targets });
    const { result } = await ask(graph, { method: "treeShap", ...background, targets });
    const wanted = credit(exact.result, "x").data;
    expect(Math.max(...wanted.map((c, i) => Math.abs(c - (credit(result, "x").data[i] ?? NaN))))).toBeLessThan(1e-5);
  }
});

test("behind a link the margin is divided unless the probability is asked for, which takes all coalitions", async () => {
  const extra = { classlabels_int64s: classes(3), post_transform: text("SOFTMAX") };
  const graph = listed(forest(6, 60), columns, { kind: "Classifier", outputOf: (tree) => tree % 3, extra });
  const plain = listed(forest(6, 60), columns, { kind: "Classifier", outputOf: (tree) => tree % 3, extra: { ...extra, post_transform: text("NONE") } });
  const targets = [{ value: "y", index: [2] }];
  const versus = [{ value: "y", index: [0] }];
  const margin = await ask(graph, { method: "treeShap", ...background, targets, versus });
  expect(margin.diagnostics.map((d) => d.code)).toContain("APPROXIMATION");
  const summed = await ask(plain, { method: "shapleyValues", ...background, targets, versus });
  expect(deviation(credit(margin.result, "x").data, credit(summed.result, "x").data)).toBeLessThan(1e-5);
  const probability = await ask(graph, { method: "treeShap", ...background, targets, options: { output: "probability" } });
  const exact = await ask(graph, { method: "shapleyValues", ...background, targets });
  expect(credit(probability.result, "x").data).toEqual(credit(exact.result, "x").data);
});

/** TreeEnsemble of ai.onnx.ml 5: x₀ in {1, 2} or x₁ ≤ 1, and one tree that is a leaf on both sides. */
function rooted(aggregate: number): Graph {
  const values = (value: Tensor): Attribute => ({ kind: "tensor", value });
  const ints = (...value: number[]): Attribute => ({ kind: "ints", value });
  return ensemble("TreeEnsemble", columns, {
    tree_roots: ints(0, 2),
    nodes_featureids: ints(0, 1, 2),
    nodes_modes: values(tensor("uint8", [3], [6, 0, 0])),
    nodes_splits: values(float32([3], [0, 1, 0])),
    nodes_truenodeids: ints(0, 1, 3),
    nodes_trueleafs: ints(1, 1, 1),
    nodes_falsenodeids: ints(1, 2, 3),
    nodes_falseleafs: ints(0, 1, 1),
    membership_values: values(float32([3], [1, 2, NaN])),
    leaf_targetids: ints(0, 0, 0, 0),
    leaf_weights: values(float32([4], [5, -2, 0.5, 3])),
    n_targets: one,
    aggregate_function: { kind: "int", value: aggregate },
    post_transform: { kind: "int", value: 0 },
  });
}

test("sets of values, and means of trees", async () => {
  for (const aggregate of [0, 1]) {
    const exact = await ask(rooted(aggregate), { method: "shapleyValues", ...background });
    const { result } = await ask(rooted(aggregate), { method: "treeShap", ...background });
    expect(deviation(credit(result, "x").data, credit(exact.result, "x").data)).toBeLessThan(1e-5);
  }
});

test("what computes columns and scales the sum is seen through", async () => {
  const trees = listed(forest(3, 70), columns, { kind: "Regressor", outputOf: () => 0 });
  const node = { ...trees.nodes[0]!, inputs: ["scaled"], outputs: ["sum"] };
  const graph: Graph = {
    ...trees,
    nodes: [
      op("Scaler", ["x"], ["scaled"], { offset: floats(1, 0, 0, 0, 0), scale: floats(1, 1, 2, 1, 1) }, "ai.onnx.ml"),
      node,
      op("Mul", ["sum", "half"], ["halved"]),
      op("Add", ["halved", "half"], ["y"]),
    ],
    initializers: new Map([
      ["half", { name: "half", dtype: "float32", dims: [], content: { kind: "raw", bytes: new Uint8Array(Float32Array.of(0.5).buffer) } }],
    ]),
  };
  const exact = await ask(graph, { method: "shapleyValues", ...background });
  const { result } = await ask(graph, { method: "treeShap", ...background });
  expect(deviation(credit(result, "x").data, credit(exact.result, "x").data)).toBeLessThan(1e-5);
  expect(result.score?.[0]).toBeCloseTo(exact.result.score?.[0] ?? NaN, 5);
});

test.each([
  [
    "covers that a converter left out",
    () => listed(forest(2, 80), columns, { kind: "Regressor", outputOf: () => 0, covers: false }),
    { perturbation: "path" },
    /training rows/,
  ],
  ["the largest tree instead of their sum", () => rooted(3), {}, /combined by MAX/],
  ["an option of another name", () => rooted(1), { perturbation: "both" }, /path or interventional/],
  ["no trees", () => ({ ...rooted(1), nodes: [op("Neg", ["x"], ["y"])] }), {}, /made by Neg/],
])("%s is refused in words", async (_, graph, options, message) => {
  await expect(ask(graph(), { method: "treeShap", ...background, options })).rejects.toThrow(message);
});
