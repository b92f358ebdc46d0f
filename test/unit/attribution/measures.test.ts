import { afterAll, expect, test } from "vitest";
import { rankCorrelation } from "../../../src/attribution/measures/rankCorrelation.js";
import { present } from "../../../src/base/assert.js";
import type { Measured } from "../../../src/protocol/explanation.js";
import type { MeasureName } from "../../../src/protocol/names.js";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import { createAttributor, type Attributor } from "../../../src/runtime/attribute.js";
import { tensor } from "../../../src/tensor/tensor.js";
import type { Attribute } from "../../../src/graph/ir.js";
import { float32, floats, graphOf, op } from "../graph/build.js";
import { diabetes, rows } from "./engine.js";

const weights = [4, 3, 2, 1];
/** F = Σ w x: every method that adds up is exact, and every measure can be worked out by hand. */
const linear = createAttributor(
  graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["n", 4] } },
    constants: { w: float32([4, 1], weights) },
    nodes: [op("MatMul", ["x", "w"], ["f"])],
    outputs: ["f"],
  }),
  {},
);
/** F = x0 · x1, which no sum of credits of single features can follow. */
const product = createAttributor(
  graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["n", 2] } },
    constants: { first: tensor("int64", [1], [0]), second: tensor("int64", [1], [1]) },
    nodes: [op("Gather", ["x", "first"], ["a"], { axis: 1 }), op("Gather", ["x", "second"], ["b"], { axis: 1 }), op("Mul", ["a", "b"], ["f"])],
    outputs: ["f"],
  }),
  {},
);
afterAll(async () => {
  await linear.dispose();
  await product.dispose();
});

async function measured(
  attributor: Attributor,
  sample: readonly (readonly number[])[],
  name: MeasureName,
  request: Partial<AttributionRequest> = {},
): Promise<readonly Measured[]> {
  const { result } = await attributor.attribute({
    method: "integratedGradients",
    inputs: { x: rows(sample) },
    targets: [{ value: "f", index: [0] }],
    measures: [name],
    ...request,
  });
  return present(result.measures?.[name], name);
}

test("rank correlation: the same order, the opposite one, equals, a constant", () => {
  expect(rankCorrelation([1, 2, 10], [5, 6, 7])).toBeCloseTo(1, 12);
  expect(rankCorrelation([1, 2, 3], [9, 4, 1])).toBeCloseTo(-1, 12);
  // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3: covariance 4.5, variances 4.5 and 5.
  expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
});

test("infidelity is nothing for a linear model and what it should be for a product", async () => {
  const [linearly] = await measured(linear, [[1, -2, 3, 0.5]], "infidelity");
  expect(linearly?.value).toBeLessThan(1e-9);
  // x = (1, 1): credits ½ and ½; taking one away costs 1 and not ½, taking both costs 1. Sets of one and of two are equally likely.
  const [multiplied] = await measured(product, [[1, 1]], "infidelity", { options: { tolerance: 1e-5 } });
  expect(multiplied?.value).toBeCloseTo(0.125, 5);
  expect(multiplied?.parts?.["relative"]).toBeCloseTo(Math.sqrt(0.125), 4);
});

test("infidelity from random sets is near the exact one, within its interval", async () => {
  const exact = (await diabetes({ method: "integratedGradients", measures: ["infidelity"], options: { infidelitySamples: 256 } })).result.measures?.infidelity;
  const drawn = (await diabetes({ method: "integratedGradients", measures: ["infidelity"], options: { infidelitySamples: 250, seed: 4 } })).result.measures
    ?.infidelity;
  expect(exact).toHaveLength(3);
  exact?.forEach((e, r) => {
    expect(e.error).toBeUndefined();
    expect(e.value).toBeGreaterThan(0);
    expect(Math.abs(e.value - (drawn?.[r]?.value ?? NaN))).toBeLessThan(2 * (drawn?.[r]?.error ?? NaN));
  });
});

test("saliency's numbers are weighed by the change before they are compared with the score's", async () => {
  const [value] = await measured(linear, [[1, -2, 3, 0.5]], "infidelity", { method: "saliency", options: { abs: false } });
  expect(value?.value).toBeLessThan(1e-9);
});

test("deletion and insertion curves of a linear model take the largest terms first", async () => {
  // Terms 4, 3, 2, 1 of a sum of 10: what is left is 10, 6, 3, 1, 0; what was put in is 0, 4, 7, 9, 10.
  const [deleted] = await measured(linear, [[1, 1, 1, 1]], "deletion");
  expect(deleted?.curve).toMatchObject({ share: [0, 0.25, 0.5, 0.75, 1], value: [10, 6, 3, 1, 0] });
  expect(deleted?.value).toBeCloseTo((5 + 6 + 3 + 1) / 4, 6);
  const [inserted] = await measured(linear, [[1, 1, 1, 1]], "insertion");
  expect(inserted?.curve?.value).toEqual([0, 4, 7, 9, 10]);
  expect(inserted?.value).toBeCloseTo((4 + 7 + 9 + 5) / 4, 6);
  expect(deleted?.parts?.["random"]).toBeGreaterThan(deleted?.value ?? NaN);
  expect(inserted?.parts?.["random"]).toBeLessThan(inserted?.value ?? NaN);
});

test("max-sensitivity: the gradient of a linear model does not move, its integrated gradients move with the sample", async () => {
  const sample = [[1, 1, 1, 1]];
  const [gradient] = await measured(linear, sample, "sensitivity", { method: "saliency" });
  expect(gradient?.value).toBeLessThan(1e-6);
  const radius = 0.1;
  const [path] = await measured(linear, sample, "sensitivity", { options: { sensitivityRadius: radius, sensitivitySamples: 50 } });
  // w · δ against w · 1: at most the radius, and nearly that for some of fifty draws.
  expect(path?.value).toBeLessThanOrEqual(radius);
  expect(path?.value).toBeGreaterThan(radius / 2);
});

test("randomised weights: the credits of a trained network do not survive, and the curve ends at the value", async () => {
  const { result } = await diabetes({ method: "integratedGradients", measures: ["randomisation"], options: { seed: 2 } });
  for (const row of result.measures?.randomisation ?? []) {
    expect(row.curve?.share.at(-1)).toBe(1);
    expect(row.curve?.value.at(-1)).toBe(row.value);
    expect(row.value).toBeLessThan(0.9);
  }
  // Activations before any weight can't change.
  const [blind] = await measured(product, [[2, 3]], "agreement");
  expect(blind?.value).toBeDefined();
  await expect(measured(product, [[2, 3]], "randomisation")).rejects.toThrow("no weights that could be randomised");
});

test("methods agree on a linear model, and the ones to compare with can be named", async () => {
  const [all] = await measured(linear, [[1, -2, 3, 0.5]], "agreement");
  expect(Object.keys(all?.parts ?? {})).toEqual(expect.arrayContaining(["inputXGradient", "featureAblation", "shapleyValues"]));
  expect(all?.value).toBeCloseTo(1, 6);
  const [one] = await measured(linear, [[1, -2, 3, 0.5]], "agreement", { options: { compare: ["lime"] } });
  expect(Object.keys(one?.parts ?? {})).toEqual(["lime"]);
  await expect(measured(linear, [[1, 1, 1, 1]], "agreement", { options: { compare: ["layerConductance"] } })).rejects.toThrow("can't be compared");
});

test("how much the answer depends on the baseline", async () => {
  const alternatives = { ones: { x: rows([[1, 1, 1, 1]]) }, tens: { x: rows([[10, 10, 10, 10]]) } };
  const [value] = await measured(linear, [[2, 2, 2, 2]], "baselines", { alternatives });
  // From zero and from ones each credit is w times the same; from tens its sign turns round.
  expect(value?.parts?.["ones"]).toBeCloseTo(1, 6);
  expect(value?.parts?.["tens"]).toBeLessThan(0);
  expect(value?.value).toBe(value?.parts?.["tens"]);
  expect(value?.attributions?.["ones"]?.["x"]?.data).toEqual([4, 3, 2, 1].map((x) => expect.closeTo(x, 4) as number));
  await expect(measured(linear, [[1, 1, 1, 1]], "baselines", { method: "saliency", alternatives })).rejects.toThrow("has no baseline");
});

test("rows and targets are measured as each alone", async () => {
  const names = ["infidelity", "deletion", "insertion", "agreement", "randomisation"] as const;
  const classes = [0, 1].map((index) => ({ value: "probabilities", index: [index] }));
  const options = { tolerance: 1e-4 };
  const { result } = await diabetes({
    method: "integratedGradients",
    measures: names,
    targets: [...classes, ...classes, ...classes],
    targetsPerRow: 2,
    options,
  });
  const alone = (await diabetes({ method: "integratedGradients", measures: names, options })).result;
  for (const name of names) {
    expect(result.measures?.[name], name).toHaveLength(6);
    for (const row of [0, 1, 2])
      // Random draws differ with the row's place; the areas and correlations don't.
      if (name !== "infidelity") expect(result.measures?.[name]?.[2 * row + 1]?.value, name).toBeCloseTo(alone.measures?.[name]?.[row]?.value ?? NaN, 3);
  }
});

test("measures that need credits of inputs say so; the others work for layers and neurons", async () => {
  await expect(diabetes({ method: "layerConductance", layer: "sigmoid", measures: ["deletion"] })).rejects.toThrow("compares credits of inputs");
  for (const request of [
    { method: "layerConductance", layer: "sigmoid" },
    { method: "neuronConductance", layer: "sigmoid", neuron: "all" },
  ] as const) {
    const { result } = await diabetes({ ...request, measures: ["sensitivity", "randomisation", "agreement"] });
    for (const name of ["sensitivity", "randomisation", "agreement"] as const)
      for (const row of result.measures?.[name] ?? []) expect(Number.isFinite(row.value), `${request.method} ${name}`).toBe(true);
  }
});

test("a tree has measures that need no derivative, and is compared with methods that need none", async () => {
  // x0 ≤ 0.5 gives 1, more gives 3; x1 is not looked at.
  const names = (...value: string[]): Attribute => ({ kind: "strings", value });
  const tree = op(
    "TreeEnsembleRegressor",
    ["x"],
    ["f"],
    {
      nodes_treeids: [0, 0, 0],
      nodes_nodeids: [0, 1, 2],
      nodes_featureids: [0, 0, 0],
      nodes_values: floats(0.5, 0, 0),
      nodes_modes: names("BRANCH_LEQ", "LEAF", "LEAF"),
      nodes_truenodeids: [1, 0, 0],
      nodes_falsenodeids: [2, 0, 0],
      target_treeids: [0, 0],
      target_nodeids: [1, 2],
      target_ids: [0, 0],
      target_weights: floats(1, 3),
      n_targets: 1,
    },
    "ai.onnx.ml",
  );
  const attributor = createAttributor(
    graphOf({ inputs: { x: { name: "x", dtype: "float32", dims: ["n", 2] } }, nodes: [tree], outputs: ["f"], opsets: { "": 21, "ai.onnx.ml": 3 } }),
    {},
  );
  const { result } = await attributor.attribute({
    method: "featureAblation",
    inputs: { x: rows([[1, 1]]) },
    targets: [{ value: "f", index: [0] }],
    measures: ["infidelity", "deletion", "insertion", "sensitivity", "agreement"],
  });
  await attributor.dispose();
  expect(result.attributions["x"]?.data).toEqual([2, 0]);
  expect(result.measures?.infidelity?.[0]?.value).toBe(0);
  expect(result.measures?.deletion?.[0]?.curve?.value).toEqual([3, 1, 1]);
  expect(result.measures?.insertion?.[0]?.curve?.value).toEqual([1, 3, 3]);
  expect(Object.keys(result.measures?.agreement?.[0]?.parts ?? {})).toEqual(["shapleyValues"]);
});
