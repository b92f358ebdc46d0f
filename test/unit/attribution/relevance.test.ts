import { expect, test } from "vitest";
import type { Graph, Node } from "../../../src/graph/ir.js";
import type { AttributionRequest, MethodOptions, TargetElement } from "../../../src/protocol/request.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import type { Attributed } from "../../../src/runtime/openModel.js";
import { toNumbers, type Tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, int64, op } from "../graph/build.js";
import { credit, deviation, diabetes, rowSums } from "./engine.js";

const at = (index: number): readonly TargetElement[] => [{ value: "y", index: [index] }];

async function lrp(
  graph: Graph,
  inputs: Readonly<Record<string, Tensor>>,
  options: MethodOptions = {},
  request: Partial<AttributionRequest> = {},
): Promise<Attributed> {
  const attributor = createAttributor(graph, {});
  try {
    return await attributor.attribute({ method: "lrp", inputs, targets: at(0), options, ...request });
  } finally {
    await attributor.dispose();
  }
}

function network(nodes: readonly Node[], constants: Readonly<Record<string, Tensor>>, dims: readonly number[]): Graph {
  return graphOf({ inputs: { x: { name: "x", dtype: "float32", dims: ["rows", ...dims] } }, constants, nodes, outputs: ["y"] });
}

function close(got: Attributed, wanted: readonly number[], name = "x"): void {
  expect(deviation(credit(got.result, name).data, wanted)).toBeLessThan(1e-5);
}

/** y = x · w + b: the contributions of (4, 1) are 4 and −2, those of (−4, 1) with the first weight turned round as well. */
const layer = (weights: readonly number[], bias?: number): Graph =>
  bias === undefined
    ? network([op("MatMul", ["x", "w"], ["y"])], { w: float32([2, 1], weights) }, [2])
    : network([op("Gemm", ["x", "w", "b"], ["y"])], { w: float32([2, 1], weights), b: float32([1], [bias]) }, [2]);

const oneLayer: readonly (readonly [string, MethodOptions, number[]])[] = [
  ["epsilon", {}, [4, -2]],
  ["epsilon", { epsilon: 2 }, [2, -1]],
  ["gamma", { gamma: 1 }, [16 / 6, -4 / 6]],
  ["gamma", {}, [10 / 3, -4 / 3]],
  ["generalizedGamma", { gamma: 1 }, [16 / 6, -4 / 6]],
  ["alpha1beta0", {}, [2, 0]],
  ["alpha2beta1", {}, [4, -2]],
  ["zPlus", {}, [2, 0]],
  ["flat", {}, [1, 1]],
  ["wSquare", {}, [0.4, 1.6]],
];

test.each(oneLayer)("the rule %s %j at one layer", async (rule, options, wanted) => {
  close(await lrp(layer([1, -2]), { x: float32([1, 2], [4, 1]) }, { rule, ...options }), wanted);
  // What counts is the sign of the contribution, not of the weight.
  close(await lrp(layer([-1, -2]), { x: float32([1, 2], [-4, 1]) }, { rule, ...options }), wanted);
});

test("under generalizedGamma a negative output favours what is negative", async () => {
  // Contributions 4 and −6, bias −1: the sum is −3; with γ = 1 they count 4, −12 and −2 of −10.
  const { result } = await lrp(layer([1, -6], -1), { x: float32([1, 2], [4, 1]) }, { rule: "generalizedGamma", gamma: 1 });
  expect(deviation(credit(result, "x").data, [1.2, -3.6])).toBeLessThan(1e-6);
  // Under gamma the denominator all but vanishes there: 8 − 6 − 1 of −3 + 4.
  const plain = await lrp(layer([1, -6], -1), { x: float32([1, 2], [4, 1]) }, { rule: "gamma", gamma: 1 });
  expect(deviation(credit(plain.result, "x").data, [-24, 18])).toBeLessThan(1e-6);
});

test("the rule zBox measures from the bounds of the inputs", async () => {
  const { result } = await lrp(layer([1, -2]), { x: float32([1, 2], [4, 1]) }, { rule: "zBox", low: -1, high: 5 });
  expect(deviation(credit(result, "x").data, [10 / 13, 16 / 13])).toBeLessThan(1e-6);
});

test("a bias takes its part, which the delta tells, except under zPlus", async () => {
  const x = float32([1, 2], [4, 1]);
  const biased = layer([1, -2], 1);
  const epsilon = await lrp(biased, { x });
  close(epsilon, [4, -2]);
  expect(epsilon.result.delta).toEqual([-1]);
  expect(epsilon.result.score).toEqual([3]);
  expect(epsilon.diagnostics.map((d) => d.code)).toContain("NOT_CONSERVED");
  close(await lrp(biased, { x }, { rule: "alpha1beta0" }), [12 / 5, 0]);
  // (4 + 4, −2, 1 + 1) of 8.
  close(await lrp(biased, { x }, { rule: "gamma", gamma: 1 }), [3, -0.75]);
  const plus = await lrp(biased, { x }, { rule: "zPlus" });
  close(plus, [3, 0]);
  expect(plus.diagnostics.map((d) => d.code)).not.toContain("NOT_CONSERVED");
});

test("as Captum: weights change whatever the sign of their input, the bias stays", async () => {
  const x = float32([1, 2], [-4, 1]);
  // W⁺ = (0, 3), y = 2: 3 of 3 + 1 for the second.
  const graph = network([op("Gemm", ["x", "w", "b"], ["y"])], { w: float32([2, 1], [-0.5, 3]), b: float32([1], [-3]) }, [2]);
  close(await lrp(graph, { x }, { rule: "alpha1beta0" }), [(2 * 2) / 5, (2 * 3) / 5]);
  const captum = await lrp(graph, { x }, { rule: "alpha1beta0", variant: "captum", epsilon: 1e-3 });
  expect(deviation(credit(captum.result, "x").data, [0, 6 / 1e-3])).toBeLessThan(1e-4);
  // W + γ W⁺ = (−0.5, 6): contributions 2 and 6, bias −3.
  close(await lrp(graph, { x }, { rule: "gamma", gamma: 1, variant: "captum" }), [4 / 5, 12 / 5]);
});

/** h = x · (1 −1; 2 1) = (5, 1) at (1, 2); y = h⁺ · (1, 3) = 8. */
const twoLayers = network(
  [op("MatMul", ["x", "w"], ["h"]), op("Relu", ["h"], ["r"]), op("MatMul", ["r", "v"], ["y"])],
  { w: float32([2, 2], [1, -1, 2, 1]), v: float32([2, 1], [1, 3]) },
  [2],
);

test("layers hand down what they got: inputs, units and composites", async () => {
  const x = float32([1, 2], [1, 2]);
  close(await lrp(twoLayers, { x }), [-2, 10]);
  close(await lrp(twoLayers, { x }, { rule: "zPlus" }), [1, 7]);
  close(await lrp(twoLayers, { x }, { rule: { dense: "epsilon", first: "flat" } }), [4, 4]);
  close(await lrp(twoLayers, { x }, { rule: "epsilonPlusFlat" }), [4, 4]);
  for (const units of ["h", "r"]) {
    const found = await lrp(twoLayers, { x }, {}, { method: "layerLrp", layer: units });
    close(found, [5, 3], units);
    expect(found.result.delta?.[0]).toBeCloseTo(0, 5);
  }
});

test("a class against another: relevance starts at the difference", async () => {
  const graph = network([op("MatMul", ["x", "w"], ["y"])], { w: float32([2, 2], [1, -1, 2, 1]) }, [2]);
  const { result } = await lrp(graph, { x: float32([1, 2], [1, 2]) }, {}, { versus: at(1) });
  expect(result.score).toEqual([4]);
  expect(deviation(credit(result, "x").data, [1 + 1, 4 - 2])).toBeLessThan(1e-6);
});

const image = float32([2, 2, 4, 4]);
const kernel = float32([3, 2, 3, 3]);
const statistics = {
  scale: float32([3], [1.5, -0.7, 0.4]),
  shift: float32([3], [0.1, -0.2, 0.3]),
  mean: float32([3], [0.2, 0.1, -0.3]),
  variance: float32([3], [0.5, 2, 1]),
};
const offset = float32([3], [0.3, -0.1, 0.2]);
const head = [op("Relu", ["n"], ["r"]), op("Flatten", ["r"], ["f"]), op("MatMul", ["f", "v"], ["y"])];
/** Positive, so that every rule hands something down. */
const rising = (length: number): Tensor =>
  float32(
    [length, 1],
    Array.from({ length }, (_, i) => (i + 1) / length),
  );
const column = rising(12);

function foldedBy(outputs: number, weights: Tensor, outputOf: (i: number) => number): { readonly w: Tensor; readonly b: Tensor } {
  const factor = Array.from({ length: outputs }, (_, i) => toNumbers(statistics.scale)[i]! / Math.sqrt(toNumbers(statistics.variance)[i]! + 1e-5));
  return {
    w: float32(
      weights.dims,
      Array.from(toNumbers(weights), (w, i) => w * factor[outputOf(i)]!),
    ),
    b: float32(
      [outputs],
      factor.map((f, i) => (toNumbers(offset)[i]! - toNumbers(statistics.mean)[i]!) * f + toNumbers(statistics.shift)[i]!),
    ),
  };
}

test.each(["epsilon", "gamma", "generalizedGamma", "alpha1beta0", "alpha2beta1", "zPlus", "flat", "wSquare"])(
  "batch normalisation and an added bias belong to the layer before them: %s",
  async (rule) => {
    const normal = op("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["n"]);
    const conv = network([op("Conv", ["x", "w", "b"], ["c"]), normal, ...head], { w: kernel, b: offset, v: column, ...statistics }, [2, 4, 4]);
    const plain = network([op("Conv", ["x", "w", "b"], ["n"]), ...head], { ...foldedBy(3, kernel, (i) => Math.floor(i / 18)), v: column }, [2, 4, 4]);
    const options = { rule };
    close(await lrp(conv, { x: image }, options), credit((await lrp(plain, { x: image }, options)).result, "x").data);

    const x = float32([2, 4]);
    const matrix = float32([4, 3]);
    const v = rising(3);
    const dense = network([op("MatMul", ["x", "w"], ["m"]), op("Add", ["b", "m"], ["c"]), normal, ...head], { w: matrix, b: offset, v, ...statistics }, [4]);
    const folded = foldedBy(3, matrix, (i) => i % 3);
    const gemm = network([op("Gemm", ["x", "w", "b"], ["n"]), ...head], { ...folded, v }, [4]);
    close(await lrp(dense, { x }, options), credit((await lrp(gemm, { x }, options)).result, "x").data);
    const turned = float32(
      [3, 4],
      Array.from({ length: 12 }, (_, i) => toNumbers(matrix)[(i % 4) * 3 + Math.floor(i / 4)]!),
    );
    const transposed = network([op("Gemm", ["x", "w", "b"], ["c"], { transB: 1 }), normal, ...head], { w: turned, b: offset, v, ...statistics }, [4]);
    close(await lrp(transposed, { x }, options), credit((await lrp(gemm, { x }, options)).result, "x").data);
  },
);

test("a convolution without bias conserves relevance, strided, padded and in groups", async () => {
  for (const rule of ["epsilon", "gamma", "zPlus", "flat", "wSquare", "epsilonPlusFlat"]) {
    const graph = network(
      [
        op("Conv", ["x", "w"], ["n"], { strides: [2, 1], pads: [1, 1, 1, 1], group: 2 }),
        op("Relu", ["n"], ["r"]),
        op("ReduceSum", ["r", "axes"], ["y"], { keepdims: 0 }),
      ],
      { w: float32([4, 1, 3, 3]), axes: int64(2, 3) },
      [2, 4, 4],
    );
    const { result } = await lrp(graph, { x: image }, { rule });
    expect(deviation(rowSums(credit(result, "x")), result.score ?? []), rule).toBeLessThan(1e-4);
  }
});

test("gates and attention weights are held: relevance goes to what they let through", async () => {
  const gated = graphOf({
    inputs: { x: float32([1, 2]), g: float32([1, 2]) },
    constants: { w: float32([2, 1], [1, 1]), one: float32([], [1]) },
    nodes: [op("Sigmoid", ["g"], ["s"]), op("Sub", ["one", "s"], ["rest"]), op("Mul", ["rest", "x"], ["p"]), op("MatMul", ["p", "w"], ["y"])],
    outputs: ["y"],
  });
  const feeds = { x: float32([1, 2], [3, -1]), g: float32([1, 2], [0.3, 0.9]) };
  const gate = await lrp(gated, feeds);
  expect(credit(gate.result, "g").data).toEqual([0, 0]);
  expect(gate.result.delta?.[0]).toBeCloseTo(0, 5);

  const attention = graphOf({
    inputs: { q: float32([1, 3, 2]), k: float32([1, 2, 3]), v: float32([1, 3, 2]) },
    nodes: [op("MatMul", ["q", "k"], ["scores"]), op("Softmax", ["scores"], ["weights"]), op("MatMul", ["weights", "v"], ["y"])],
    outputs: ["y"],
  });
  const found = await lrp(attention, { q: float32([1, 3, 2]), k: float32([1, 2, 3]), v: float32([1, 3, 2]) }, {}, { targets: [{ value: "y", index: [1, 0] }] });
  expect(credit(found.result, "q").data.every((r) => r === 0)).toBe(true);
  expect(found.result.delta?.[0]).toBeCloseTo(0, 5);
  expect(credit(found.result, "v").data.filter((r) => r !== 0)).toHaveLength(3);
});

test("a product of two inputs is half the one's and half the other's; sums are in proportion", async () => {
  const graph = graphOf({
    inputs: { a: float32([1, 1]), b: float32([1, 1]), c: float32([1, 1]) },
    nodes: [op("Mul", ["a", "b"], ["p"]), op("Sub", ["p", "c"], ["y"])],
    outputs: ["y"],
  });
  const { result } = await lrp(graph, { a: float32([1, 1], [2]), b: float32([1, 1], [3]), c: float32([1, 1], [4]) });
  expect(["a", "b", "c"].map((name) => credit(result, name).data[0]).map((r) => Math.round((r ?? NaN) * 1e5) / 1e5)).toEqual([3, 3, -4]);
});

test("one branch of a product gets its half, however little is asked about", async () => {
  const graph = network([op("Mul", ["x", "two"], ["a"]), op("Tanh", ["x"], ["b"]), op("Mul", ["a", "b"], ["y"])], { two: float32([], [2]) }, [1]);
  const { result } = await lrp(graph, { x: float32([1, 1], [0.5]) }, {}, { method: "layerLrp", layer: "b" });
  expect(credit(result, "b").data[0]).toBeCloseTo(Math.tanh(0.5) / 2, 6);
  expect(result.delta?.[0]).toBeCloseTo(-Math.tanh(0.5) / 2, 6);
});

test("a normalisation holds its deviation and conserves relevance without a bias", async () => {
  const graph = network(
    [op("LayerNormalization", ["x", "scale"], ["n"]), op("MatMul", ["n", "w"], ["y"])],
    { scale: float32([4], [1, 2, 0.5, -1]), w: float32([4, 2]) },
    [4],
  );
  const { result } = await lrp(graph, { x: float32([3, 4]) });
  expect(deviation(rowSums(credit(result, "x")), result.score ?? [])).toBeLessThan(1e-4);
});

test("what has no rule is named, and so are options that are not known", async () => {
  const product = network([op("ReduceProd", ["x", "axes"], ["y"], { keepdims: 0 })], { axes: int64(1) }, [2]);
  await expect(lrp(product, { x: float32([1, 2]) }, {}, { targets: [{ value: "y", index: [] }] })).rejects.toMatchObject({
    diagnostic: { code: "UNSUPPORTED_OPERATOR", node: "ReduceProd:y" },
  });
  for (const options of [{ rule: "delta" }, { rule: { conv: "zPlus" } }, { rule: { first: "delta" } }, { rule: "zBox" }, { epsilon: -1 }])
    await expect(diabetes({ method: "lrp", options }), JSON.stringify(options)).rejects.toMatchObject({ diagnostic: { code: "OPTION_INVALID" } });
});
