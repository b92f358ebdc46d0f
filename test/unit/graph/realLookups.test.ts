import { expect, test } from "vitest";
import { realLookups } from "../../../src/graph/realLookups.js";
import type { Graph, Types } from "../../../src/graph/ir.js";
import { verify } from "../../../src/graph/verify.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { difference, float32, graphOf, int64, op, run } from "./build.js";

const feeds = { ids: tensor("int64", [2, 3], [1, 4, 0, 2, 2, 3]) };
const table = tensor(
  "uint8",
  [5, 2],
  Array.from({ length: 10 }, (_, i) => i * 25),
);

function lookup(scale: Tensor, zero: Tensor): { readonly graph: Graph; readonly types: Types } {
  const constants = { table, scale, zero, shape: int64(3, 4) };
  const nodes = [
    op("Gather", ["table", "ids"], ["rows"]),
    op("Transpose", ["rows"], ["turned"], { perm: [1, 0, 2] }),
    op("Reshape", ["turned", "shape"], ["flat"]),
    op("DequantizeLinear", ["flat", "scale", "zero"], ["real"]),
    op("Relu", ["real"], ["y"]),
  ];
  const graph = graphOf({ inputs: feeds, constants, nodes, outputs: ["y", "real"] });
  const types: Types = new Map([
    ...Object.entries({ ...feeds, ...constants }).map(([name, t]) => [name, { dtype: t.dtype, dims: t.dims }] as const),
    ["rows", { dtype: "uint8", dims: [2, 3, 2] }],
    ["turned", { dtype: "uint8", dims: [3, 2, 2] }],
    ["flat", { dtype: "uint8", dims: [3, 4] }],
    ["real", { dtype: "float32", dims: [3, 4] }],
    ["y", { dtype: "float32", dims: [3, 4] }],
  ]);
  return { graph, types };
}

test("rows of a quantised table become real where they are looked up, and all values stay what they were", async () => {
  const { graph, types } = lookup(float32([], [0.1]), tensor("uint8", [], [120]));
  const real = realLookups(graph, types);
  verify(real.graph);
  const first = real.graph.nodes.find((node) => node.op === "DequantizeLinear");
  expect(first?.inputs[0]).toBe("rows");
  expect(real.types.get(first?.outputs[0] ?? "")).toEqual({ dtype: "float32", dims: [2, 3, 2] });
  expect(difference(await run(graph, feeds), await run(real.graph, feeds))).toBe(0);
});

test("a scale for each position of an axis stays where the axis is", () => {
  const { graph, types } = lookup(float32([4], [0.1, 0.2, 0.3, 0.4]), tensor("uint8", [4], [1, 2, 3, 4]));
  expect(realLookups(graph, types).graph).toBe(graph);
});
