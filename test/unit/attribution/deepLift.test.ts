import { expect, test } from "vitest";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import type { Graph } from "../../../src/graph/ir.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import type { Attributed } from "../../../src/runtime/openModel.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, int64, op } from "../graph/build.js";
import { credit, deviation, diabetes, rows, rowSums, samples } from "./engine.js";

async function ask(graph: Graph, x: Tensor, request: Partial<AttributionRequest> = {}): Promise<Attributed> {
  const attributor = createAttributor(graph, {});
  try {
    return await attributor.attribute({ method: "deepLift", inputs: { x }, targets: [{ value: "y", index: [0] }], ...request });
  } finally {
    await attributor.dispose();
  }
}

const input = { x: { name: "x", dtype: "float32", dims: ["rows", 2] } } as const;
/** Columns 0 and 1 of x as values of their own, one number a row. */
const columns = [op("Gather", ["x", "first"], ["p"], { axis: 1 }), op("Gather", ["x", "second"], ["q"], { axis: 1 })];
const positions = { first: int64(0), second: int64(1) };

function credits(result: Attributed): readonly number[] {
  return credit(result.result, "x").data;
}

test("a product belongs to both of its factors", async () => {
  const graph = graphOf({ inputs: input, constants: positions, nodes: [...columns, op("Mul", ["p", "q"], ["y"])], outputs: ["y"] });
  // 3·5 − 1·2: (3 − 1)·(5 + 2)/2 and (5 − 2)·(3 + 1)/2.
  const found = await ask(graph, float32([1, 2], [3, 5]), { baselines: { x: float32([1, 2], [1, 2]) } });
  expect(credits(found)).toEqual([7, 6]);
  expect(found.result.delta).toEqual([0]);
});

test.each([
  ["Relu", [op("Relu", ["d"], ["y"])]],
  ["the larger of it and 0", [op("Max", ["d", "zero"], ["y"])]],
  ["what a comparison chooses", [op("Greater", ["d", "zero"], ["above"]), op("Where", ["above", "d", "zero"], ["y"])]],
  ["times a comparison", [op("Greater", ["d", "zero"], ["above"]), op("Cast", ["above"], ["mask"], { to: 1 }), op("Mul", ["d", "mask"], ["y"])]],
])("%s: a ReLU that switches on gives its rise to what switched it", async (_, relu) => {
  const graph = graphOf({
    inputs: input,
    constants: { ...positions, zero: float32([], [0]) },
    nodes: [...columns, op("Sub", ["p", "q"], ["d"]), ...relu],
    outputs: ["y"],
  });
  // d rises from −1 to 3, y from 0 to 3: the slope is 3/4.
  const found = await ask(graph, float32([1, 2], [4, 1]), { baselines: { x: float32([1, 2], [1, 2]) } });
  expect(credits(found)).toEqual([2.25, 0.75]);
});

test("where the largest of the values is belongs to the two places between which it moved", async () => {
  const nodes = [op("ArgMax", ["x"], ["i"], { axis: 1 }), op("Cast", ["i"], ["y"], { to: 1 })];
  const graph = graphOf({ inputs: { x: { name: "x", dtype: "float32", dims: ["rows", 3] } }, nodes, outputs: ["y"] });
  // From place 0 to place 2, where the values moved by −2 and by 4.5.
  const found = await ask(graph, float32([1, 3], [1, 2, 5]), { baselines: { x: float32([1, 3], [3, 1, 0.5]) } });
  expect(deviation(credits(found), [(2 * 2) / 6.5, 0, (2 * 4.5) / 6.5])).toBeLessThan(1e-6);
});

test("the smaller of two numbers is half of each, once what cancels is revealed", async () => {
  const nodes = [...columns, op("Sub", ["p", "q"], ["d"]), op("Relu", ["d"], ["r"]), op("Sub", ["p", "r"], ["y"])];
  const graph = graphOf({ inputs: input, constants: positions, nodes, outputs: ["y"] });
  const x = float32([2, 2], [3, 1, 2, 5]);
  // Rescale sees the switched unit alone. The example of section 3.5.2 of the paper.
  expect(credits(await ask(graph, x, { options: { rule: "rescale" } }))).toEqual([0, 1, 2, 0]);
  expect(deviation(credits(await ask(graph, x, { options: { rule: "revealCancel" } })), [0.5, 0.5, 1, 1])).toBeLessThan(1e-6);
});

test.each(["rescale", "revealCancel"])("%s credits of a probability add up to its change", async (rule) => {
  const { result } = await diabetes({ method: "deepLift", options: { rule } });
  expect(result.delta?.every((d) => Math.abs(d) < 1e-6)).toBe(true);
  expect(
    deviation(
      rowSums(credit(result)),
      result.score!.map((s, r) => s - result.baselineScore![r]!),
    ),
  ).toBeLessThan(1e-5);
});

test("a row's credits do not depend on the rows beside it", async () => {
  const together = credit((await diabetes({ method: "deepLift" })).result);
  for (const [r, sample] of samples.entries()) {
    const alone = credit((await diabetes({ method: "deepLift", inputs: { measurements: rows([sample]) } })).result);
    expect(deviation(together.data.slice(8 * r, 8 * r + 8), alone.data)).toBeLessThan(1e-5);
  }
});

test("many baselines are averaged", async () => {
  const baselines = [
    [4, 121, 69, 20, 80, 32, 0.47, 33],
    [0, 100, 60, 10, 0, 25, 0.3, 25],
  ];
  const each = await Promise.all(baselines.map((b) => diabetes({ method: "deepLift", baselines: { measurements: rows([b]) } })));
  const mean = credit(each[0]!.result).data.map((v, i) => (v + credit(each[1]!.result).data[i]!) / 2);
  const found = await diabetes({ method: "deepLiftShap", baselines: { measurements: rows(baselines) } });
  expect(deviation(credit(found.result).data, mean)).toBeLessThan(1e-6);
});

test("a layer that carries everything has the same sum, and its units' own credits follow from all of them", async () => {
  const inputs = await diabetes({ method: "deepLift" });
  const layer = await diabetes({ method: "layerDeepLift", layer: "sigmoid" });
  expect(deviation(rowSums(credit(layer.result, "sigmoid")), rowSums(credit(inputs.result)))).toBeLessThan(1e-5);
  const all = credit((await diabetes({ method: "neuronDeepLift", layer: "sigmoid", neuron: "all" })).result);
  expect(all.dims).toEqual([3, 12, 8]);
  const one = credit((await diabetes({ method: "neuronDeepLift", layer: "sigmoid", neuron: [5] })).result);
  const picked = [0, 1, 2].flatMap((r) => all.data.slice((r * 12 + 5) * 8, (r * 12 + 6) * 8));
  expect(deviation(one.data, picked)).toBeLessThan(1e-6);
});

test("without the factor x − x′ the multipliers", async () => {
  const graph = graphOf({ inputs: input, constants: positions, nodes: [...columns, op("Sub", ["p", "q"], ["d"]), op("Relu", ["d"], ["y"])], outputs: ["y"] });
  for (const rule of ["rescale", "revealCancel"]) {
    const found = await ask(graph, float32([1, 2], [3, 1]), { options: { multiplyByInputs: false, rule } });
    expect(deviation(credits(found), rule === "rescale" ? [1, -1] : [5 / 6, -0.5])).toBeLessThan(1e-6);
    expect(found.result.delta).toBeNull();
  }
});

test("an operator without multipliers is named, and what does not exist is refused", async () => {
  const graph = graphOf({
    inputs: input,
    constants: { zeros: tensor("int64", [1, 2], [0, 0]), updates: float32([1, 2], [1, 2]) },
    nodes: [op("ScatterElements", ["x", "zeros", "updates"], ["y"], { reduction: "mul" })],
    outputs: ["y"],
  });
  await expect(ask(graph, float32([1, 2], [3, 1]))).rejects.toMatchObject({ diagnostic: { code: "UNSUPPORTED_OPERATOR", node: "ScatterElements:y" } });
  for (const options of [{ rule: "adaptive" }, { variant: "captum" }])
    await expect(diabetes({ method: "deepLift", options })).rejects.toMatchObject({ diagnostic: { code: "OPTION_INVALID" } });
});
