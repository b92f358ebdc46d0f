import { expect, test } from "vitest";
import { chooseLayer, lastPlaces } from "../../../src/explain/layerChoice.js";
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

test("a map of places is made at the last convolution, behind its activation", () => {
  const image = graphOf({
    inputs: { x: float32([1, 1, 4, 4]) },
    constants: { w: float32([2, 1, 3, 3]), v: float32([2, 2, 1, 1]), scale: float32([2]) },
    nodes: [
      op("Conv", ["x", "w"], ["first"]),
      op("Relu", ["first"], ["active"]),
      op("Conv", ["active", "v"], ["second"]),
      op("BatchNormalization", ["second", "scale", "scale", "scale", "scale"], ["normal"]),
      op("Relu", ["normal"], ["last"]),
      op("GlobalAveragePool", ["last"], ["y"]),
    ],
    outputs: ["y"],
  });
  expect(chooseLayer(image, "auto", true)).toBe("last");
  expect(chooseLayer(image, "first", true)).toBe("first");
  expect(lastPlaces(graph)).toBeUndefined();
});
