import { expect, it } from "vitest";
import type { Attribute, Graph } from "../../../src/graph/ir.js";
import { tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, op } from "../graph/build.js";
import { openGraph } from "./onDisk.js";

const body = (graph: Graph): Attribute => ({ kind: "graph", value: { ...graph, opsets: {} } });

/** The gradient of y[0] of one sample after the other, all of one shape. */
async function gradients(graph: Graph, samples: readonly (readonly number[])[]): Promise<number[][]> {
  const model = await openGraph(graph);
  const out: number[][] = [];
  for (const sample of samples) {
    const { result } = await model.attribute({
      method: "inputXGradient",
      inputs: { x: float32([1, 2], sample) },
      targets: [{ value: "y", index: [0] }],
    });
    out.push(Array.from(result.attributions["x"]?.data ?? []));
  }
  return out;
}

it("a sample that takes the other branch is not explained by the branch before", async () => {
  const branch = (name: string): Attribute => body(graphOf({ nodes: [op(name, ["x"], ["t"])], outputs: ["t"] }));
  const graph = graphOf({
    inputs: { x: float32([1, 2]) },
    constants: { zero: float32([], [0]) },
    nodes: [
      op("ReduceSum", ["x"], ["sum"], { keepdims: 0 }),
      op("Greater", ["sum", "zero"], ["up"]),
      op("If", ["up"], ["y"], { then_branch: branch("Identity"), else_branch: branch("Neg") }),
    ],
    outputs: ["y"],
  });
  expect(
    await gradients(graph, [
      [2, 1],
      [-3, 1],
      [4, 1],
    ]),
  ).toEqual([
    [2, 0],
    [3, 0],
    [4, 0],
  ]);
});

it("a sample that makes more steps is not explained by the steps before", async () => {
  const graph = graphOf({
    inputs: { x: float32([1, 2]) },
    constants: { most: tensor("int64", [], [9]), yes: { dtype: "bool", dims: [], data: new Uint8Array([1]) }, two: float32([], [2]), limit: float32([], [20]) },
    nodes: [
      op("Loop", ["most", "yes", "x"], ["y"], {
        body: body(
          graphOf({
            inputs: {
              i: { name: "i", dtype: "int64", dims: [] },
              go: { name: "go", dtype: "bool", dims: [] },
              h: { name: "h", dtype: "float32", dims: [1, 2] },
            },
            nodes: [op("Mul", ["h", "two"], ["h2"]), op("ReduceMax", ["h2"], ["top"], { keepdims: 0 }), op("Less", ["top", "limit"], ["on"])],
            outputs: ["on", "h2"],
          }),
        ),
      }),
    ],
    outputs: ["y"],
  });
  // 5 → 10 → 20, and 1 → 2 → 4 → 8 → 16 → 32.
  expect(
    await gradients(graph, [
      [5, 0],
      [1, 0],
    ]),
  ).toEqual([
    [20, 0],
    [32, 0],
  ]);
});
