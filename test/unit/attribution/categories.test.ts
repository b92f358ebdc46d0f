import { expect, test } from "vitest";
import type { Graph, Node } from "../../../src/graph/ir.js";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import type { Attributed } from "../../../src/runtime/openModel.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, int64, op } from "../graph/build.js";
import { credit, deviation } from "./engine.js";
import { grow, listed } from "./trees/forest.js";

const text = (...values: readonly string[]): Tensor => ({ dtype: "string", dims: [values.length, 1], data: values });
const names = { kind: "strings", value: ["red", "green", "blue"] } as const;
const inputs = { colour: text("blue", "red"), weight: float32([2, 1], [2, 0]) };
const baselines = { colour: text("green"), weight: float32([1, 1], [1]) };
const weights = [3, -1, 5, 2];

/** Three columns of the colour and one of the weight, called x, and what reads them. */
function encoded(nodes: readonly Node[], constants: Readonly<Record<string, Tensor>> = {}): Graph {
  return graphOf({
    inputs: {
      colour: { name: "colour", dtype: "string", dims: ["rows", 1] },
      weight: { name: "weight", dtype: "float32", dims: ["rows", 1] },
    },
    constants: { flat: int64(-1, 3), ...constants },
    nodes: [
      op("OneHotEncoder", ["colour"], ["hot"], { cats_strings: names, zeros: 1 }, "ai.onnx.ml"),
      op("Reshape", ["hot", "flat"], ["columns"]),
      op("Concat", ["columns", "weight"], ["x"], { axis: 1 }),
      ...nodes,
    ],
    outputs: ["y"],
    opsets: { "": 17, "ai.onnx.ml": 3 },
  });
}

async function ask(graph: Graph, request: Pick<AttributionRequest, "method" | "options">): Promise<Attributed> {
  const attributor = createAttributor(graph, {});
  try {
    return await attributor.attribute({ inputs, baselines, targets: [{ value: "y", index: [0] }], ...request });
  } finally {
    await attributor.dispose();
  }
}

const linear = encoded([op("MatMul", ["x", "w"], ["y"])], { w: float32([4, 1], weights) });

test.each(["integratedGradients", "featureAblation", "shapleyValues", "kernelShap", "deepLift"] as const)(
  "a category's credit is what its own weight changes, by %s",
  async (method) => {
    const { result, diagnostics } = await ask(linear, { method });
    expect(deviation(credit(result, "colour").data, [5 - -1, 3 - -1])).toBeLessThan(1e-6);
    expect(deviation(credit(result, "weight").data, [2, -2])).toBeLessThan(1e-6);
    expect(diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);
  },
);

test("a label's number carries its credit", async () => {
  const graph = graphOf({
    inputs: { colour: { name: "colour", dtype: "string", dims: ["rows", 1] }, weight: { name: "weight", dtype: "float32", dims: ["rows", 1] } },
    nodes: [
      op(
        "LabelEncoder",
        ["colour"],
        ["number"],
        { keys_strings: names, values_floats: { kind: "floats", value: [1, 4, 9] }, default_float: { kind: "float", value: 0 } },
        "ai.onnx.ml",
      ),
      op("Mul", ["number", "weight"], ["y"]),
    ],
    outputs: ["y"],
    opsets: { "": 17, "ai.onnx.ml": 3 },
  });
  const { result } = await ask(graph, { method: "integratedGradients" });
  // From 4 · 1 to 9 · 2 and to 1 · 0: half of each product's cross term.
  expect(deviation(credit(result, "colour").data, [5 * 1.5, -3 * 0.5])).toBeLessThan(1e-6);
  expect(deviation(credit(result, "weight").data, [6.5, -2.5])).toBeLessThan(1e-6);
});

test.each([3, 4, 5])("the columns of a category are one player to the trees (%i)", async (seed) => {
  const trees = Array.from({ length: 8 }, (_, i) => grow(10 * seed + i, 4, 4));
  const graph = encoded(listed(trees, 4, { kind: "Regressor", outputOf: () => 0 }).nodes);
  const exact = (await ask(graph, { method: "shapleyValues" })).result;
  const { result } = await ask(graph, { method: "treeShap" });
  for (const name of ["colour", "weight"]) expect(deviation(credit(result, name).data, credit(exact, name).data)).toBeLessThan(1e-5);
  expect(Math.max(...(result.delta ?? [NaN]).map(Math.abs))).toBeLessThan(1e-12);
});

test("a text that no number is made of gets no credit by gradients, and says so", async () => {
  const graph = graphOf({
    inputs: { colour: { name: "colour", dtype: "string", dims: ["rows", 1] }, weight: { name: "weight", dtype: "float32", dims: ["rows", 1] } },
    constants: { green: { dtype: "string", dims: [], data: ["green"] }, twice: tensor("float32", [], [2]), once: tensor("float32", [], [1]) },
    nodes: [op("Equal", ["colour", "green"], ["is"]), op("Where", ["is", "twice", "once"], ["factor"]), op("Mul", ["factor", "weight"], ["y"])],
    outputs: ["y"],
    opset: 19,
  });
  const { diagnostics } = await ask(graph, { method: "integratedGradients" });
  expect(diagnostics.map(({ code }) => code)).toContain("NO_CREDIT");
  const { result } = await ask(graph, { method: "featureAblation" });
  // The baseline is green, which counts twice: the weights are 2 and 0.
  expect(credit(result, "colour").data.map((x) => x + 0)).toEqual([-2, 0]);
});
