import { expect, test } from "vitest";
import { methods } from "../../../src/attribution/methods/index.js";
import { approximations, gradientBarriers, gradientState } from "../../../src/explain/gradientReach.js";
import { float32, graphOf, op } from "../graph/build.js";

const x = float32([2, 2]);

test("what is laid out as plainer operators has a derivative", () => {
  for (const name of ["LSTM", "GRU", "RNN", "Attention", "SequenceAt"]) expect(gradientState(op(name, ["x"], ["y"])).state, name).toBe("rule");
  expect(gradientState(op("SkipLayerNormalization", ["x"], ["y"], {}, "com.microsoft")).state).toBe("rule");
  expect(gradientState(op("SkipLayerNormalization", ["x"], ["y"])).state).toBe("unsupported");
});

test("control flow has one unless something inside has none", () => {
  const branch = (inner: string) => ({ kind: "graph" as const, value: graphOf({ nodes: [op(inner, ["x"], ["z"])], outputs: ["z"] }) });
  const choice = (inner: string) => op("If", ["c"], ["y"], { then_branch: branch("Relu"), else_branch: branch(inner) });
  expect(gradientState(choice("Tanh")).state).toBe("rule");
  expect(gradientState(choice("MaxRoiPool"))).toMatchObject({ state: "unsupported", reason: expect.stringContaining("MaxRoiPool") as string });
  // The way leads into the branch by capture alone.
  const graph = graphOf({ inputs: { x, c: float32([1]) }, nodes: [op("Relu", ["x"], ["h"]), choice("MaxRoiPool")], outputs: ["y"] });
  expect(gradientBarriers(graph, "y").map((node) => node.op)).toEqual(["If"]);
});

test("barriers count only on a way to the output", () => {
  const nodes = [op("MaxRoiPool", ["x"], ["aside"]), op("Relu", ["x"], ["y"])];
  const graph = graphOf({ inputs: { x }, nodes, outputs: ["y", "aside"] });
  expect(gradientBarriers(graph, "y")).toEqual([]);
  expect(gradientBarriers(graph, "aside").map((node) => node.op)).toEqual(["MaxRoiPool"]);
});

test("approximations are told once an operator, for the inputs that get credit", () => {
  const nodes = [
    op("QuantizeLinear", ["x", "s"], ["q"]),
    op("DequantizeLinear", ["q", "s"], ["d"]),
    op("QuantizeLinear", ["d", "s"], ["q2"]),
    op("DequantizeLinear", ["q2", "s"], ["e"]),
  ];
  const graph = graphOf({ inputs: { x, z: x }, constants: { s: float32([], [0.1]) }, nodes: [...nodes, op("Add", ["e", "z"], ["y"])], outputs: ["y"] });
  expect(approximations(graph, ["x", "z"], "y").map(({ node }) => node.outputs[0])).toEqual(["q", "d"]);
  expect(approximations(graph, ["z"], "y")).toEqual([]);
});

test("relevance has rules of its own: what is laid out as plainer operators passes, what only has a derivative does not", () => {
  const rules = methods.lrp?.rules ?? {};
  for (const name of ["LSTM", "Relu", "Attention"]) expect(gradientState(op(name, ["x"], ["y"]), rules).state, name).toBe("rule");
  expect(gradientState(op("SkipLayerNormalization", ["x"], ["y"], {}, "com.microsoft"), rules).state).toBe("rule");
  expect(gradientState(op("ReduceProd", ["x"], ["y"])).state).toBe("rule");
  const graph = graphOf({ inputs: { x: float32([1, 2]) }, nodes: [op("ReduceProd", ["x"], ["y"])], outputs: ["y"] });
  expect(gradientBarriers(graph, "y", rules).map((node) => node.op)).toEqual(["ReduceProd"]);
});
