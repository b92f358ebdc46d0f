import { expect, test } from "vitest";
import { tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, op } from "../graph/build.js";
import { openGraph } from "./onDisk.js";

test("an input that no gradient reaches is named, unless it is fixed or the method needs no gradient", async () => {
  const inputs = { x: float32([1, 3], [1, 2, 3]), ids: tensor("int64", [1, 3], [1, 5, 2]) };
  const nodes = [op("Less", ["ids", "four"], ["few"]), op("Where", ["few", "x", "zero"], ["kept"]), op("ReduceSum", ["kept", "axes"], ["y"], { keepdims: 1 })];
  const constants = { four: tensor("int64", [], [4]), zero: float32([], [0]), axes: tensor("int64", [1], [1]) };
  const model = await openGraph(graphOf({ inputs, constants, nodes, outputs: ["y"] }));
  const request = { inputs, targets: [{ value: "y", index: [0] }] };
  const codes = async (change: { readonly method: "saliency" | "featureAblation"; readonly fixed?: readonly string[] }): Promise<readonly string[]> =>
    (await model.attribute({ ...request, ...change })).diagnostics.filter(({ code }) => code === "NO_CREDIT").map(({ message }) => message);
  expect(await codes({ method: "saliency" })).toEqual([expect.stringContaining('The input "ids" gets no credit')]);
  expect(await codes({ method: "saliency", fixed: ["ids"] })).toEqual([]);
  expect(await codes({ method: "featureAblation" })).toEqual([]);
});
