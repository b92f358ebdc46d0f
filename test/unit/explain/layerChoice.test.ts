import { expect, test } from "vitest";
import { chooseLayer } from "../../../src/explain/layerChoice.js";
import { float32, graphOf, op } from "../graph/build.js";

const graph = graphOf({
  inputs: { x: float32([1, 2]) },
  nodes: [op("Relu", ["x"], ["a"]), op("Tanh", ["x"], ["b"]), op("Neg", ["x"], ["c,d"]), op("Mul", ["a", "b"], ["y"])],
  outputs: ["y"],
});

test("several values with commas between them are one layer, a name with a comma is itself", () => {
  expect(chooseLayer(graph, "a, b")).toBe("a,b");
  expect(chooseLayer(graph, "c,d")).toBe("c,d");
  expect(() => chooseLayer(graph, "a,e")).toThrow('no layer or value named "e"');
});
