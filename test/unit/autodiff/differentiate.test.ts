import { describe, expect, it } from "vitest";
import { differentiate } from "../../../src/autodiff/differentiate.js";
import { pushForward } from "../../../src/autodiff/forwardMode.js";
import { opStates } from "../../../src/autodiff/rules/index.js";
import { ExplainError } from "../../../src/base/diagnostic.js";
import { Builder } from "../../../src/graph/builder.js";
import type { Dim, Graph, Node, ValueType } from "../../../src/graph/ir.js";
import { prune } from "../../../src/graph/prune.js";
import { verify } from "../../../src/graph/verify.js";
import { createSession } from "../../../src/runtime/session.js";
import { tensor, toNumbers, type Tensor } from "../../../src/tensor/tensor.js";
import { node } from "../../gradients/gradientCase.js";

type Dims = Readonly<Record<string, readonly Dim[]>>;

/** A graph of float64 inputs and what its values' shapes are. */
function builder(inputs: Dims, nodes: readonly Node[], values: Dims): { readonly b: Builder; readonly graph: Graph } {
  const graph: Graph = {
    name: "test",
    inputs: Object.entries(inputs).map(([name, dims]) => ({ name, dtype: "float64", dims: dims.map((d) => d ?? "batch") })),
    outputs: [],
    nodes,
    initializers: new Map(),
    opsets: { "": 21 },
  };
  const types = Object.entries({ ...inputs, ...values }).map(([name, dims]): [string, ValueType] => [name, { dtype: "float64", dims }]);
  return { b: new Builder(graph, new Map(types)), graph };
}

async function evaluate(b: Builder, graph: Graph, output: string, feeds: Readonly<Record<string, Tensor>>): Promise<number[]> {
  const finished = prune(b.finish("test", graph.inputs, [output], graph.opsets));
  verify(finished);
  const session = await createSession(finished);
  const result = (await session.run(feeds))[output]!;
  await session.release();
  return Array.from(toNumbers(result));
}

const ones = (b: Builder, value: string): Map<string, string> => new Map([[value, b.onesLike(value)]]);

describe("differentiate", () => {
  it("adds what arrives on several ways: x·x + x", async () => {
    const nodes = [node("Mul", ["x", "x"], ["p"]), node("Add", ["p", "x"], ["y"])];
    const { b, graph } = builder({ x: [2] }, nodes, { p: [2], y: [2] });
    const gradient = differentiate(b, nodes, { sources: ["x"], seeds: ones(b, "y"), rules: opStates }).get("x")!;
    expect(await evaluate(b, graph, gradient, { x: tensor("float64", [2], [3, -1]) })).toEqual([7, -1]);
  });

  it("sums a broadcast cotangent to the shape of its value, the batch axis included", async () => {
    const nodes = [node("Mul", ["x", "w"], ["y"])];
    const { b, graph } = builder({ x: [null, 2], w: [2] }, nodes, { y: [null, 2] });
    const gradient = differentiate(b, nodes, { sources: ["w"], seeds: ones(b, "y"), rules: opStates }).get("w")!;
    expect(b.dims(gradient)).toEqual([2]);
    expect(await evaluate(b, graph, gradient, { x: tensor("float64", [3, 2], [1, 2, 3, 4, 5, 6]), w: tensor("float64", [2], [0, 0]) })).toEqual([9, 12]);
  });

  it("leaves out a source that nothing reaches, through an operator of zero gradient too", () => {
    const nodes = [node("Floor", ["x"], ["f"]), node("Add", ["f", "z"], ["y"])];
    const { b } = builder({ x: [2], z: [2], other: [2] }, nodes, { f: [2], y: [2] });
    const gradients = differentiate(b, nodes, { sources: ["x", "z", "other"], seeds: ones(b, "y"), rules: opStates });
    expect([...gradients.keys()]).toEqual(["z"]);
  });

  it("starts from several seeds and stops at an intermediate source", async () => {
    const nodes = [node("Neg", ["x"], ["h"]), node("Mul", ["h", "h"], ["y"]), node("Exp", ["h"], ["z"])];
    const { b, graph } = builder({ x: [1] }, nodes, { h: [1], y: [1], z: [1] });
    const gradients = differentiate(b, nodes, { sources: ["h", "x"], seeds: new Map([...ones(b, "y"), ...ones(b, "z")]), rules: opStates });
    const feeds = { x: tensor("float64", [1], [-2]) };
    expect((await evaluate(b, graph, gradients.get("h")!, feeds))[0]).toBeCloseTo(4 + Math.exp(2), 12);
    expect((await evaluate(b, graph, gradients.get("x")!, feeds))[0]).toBeCloseTo(-4 - Math.exp(2), 12);
  });

  it("names the node and the operator that has no rule, and only when it is in the way", () => {
    const nodes = [node("NoSuchOperator", ["x"], ["h"]), node("Add", ["h", "z"], ["y"])];
    const { b } = builder({ x: [2], z: [2] }, nodes, { h: [2], y: [2] });
    const refused = (): unknown => differentiate(b, nodes, { sources: ["x"], seeds: ones(b, "y"), rules: opStates });
    expect(refused).toThrow(ExplainError);
    expect(refused).toThrow(/NoSuchOperator.*NoSuchOperator\(h\)/);
    expect([...differentiate(b, nodes, { sources: ["z"], seeds: ones(b, "y"), rules: opStates }).keys()]).toEqual(["z"]);
  });

  it("names the nodes it emits after the forward node", () => {
    const nodes = [node("Mul", ["x", "x"], ["y"])];
    const { b } = builder({ x: [2] }, nodes, { y: [2] });
    const seeds = ones(b, "y");
    const before = b.nodes.length;
    differentiate(b, nodes, { sources: ["x"], seeds, rules: opStates });
    const emitted = b.nodes.slice(before).map((n) => n.name);
    expect(emitted.filter((name) => name.startsWith("Mul(y)/grad/")).length).toBeGreaterThan(0);
  });
});

describe("pushForward", () => {
  it("adds the tangents of both sides of an Add", async () => {
    const nodes = [node("Add", ["p", "q"], ["y"])];
    const { b, graph } = builder({ p: [1], q: [1] }, nodes, { y: [1] });
    const tangent = pushForward(
      b,
      nodes,
      opStates,
      "y",
      new Map([
        ["p", b.constant("float64", [1], [2])],
        ["q", b.constant("float64", [1], [5])],
      ]),
    )!;
    expect(await evaluate(b, graph, tangent, { p: tensor("float64", [1], [0]), q: tensor("float64", [1], [0]) })).toEqual([7]);
  });

  it("reads no value that is not there when the batch is free", async () => {
    const nodes = [node("Softmax", ["x"], ["y"], { axis: 1 })];
    const { b, graph } = builder({ x: [null, 2], v: [null, 2] }, nodes, { y: [null, 2] });
    const tangent = pushForward(b, nodes, opStates, "y", new Map([["x", "v"]]))!;
    const got = await evaluate(b, graph, tangent, { x: tensor("float64", [1, 2], [0, 0]), v: tensor("float64", [1, 2], [1, 0]) });
    expect(got).toEqual([0.25, -0.25]);
  });

  it("computes nothing for its shape alone", () => {
    const nodes = [node("MatMul", ["x", "w"], ["h"]), node("Add", ["h", "bias"], ["p"]), node("Sigmoid", ["p"], ["s"]), node("Softmax", ["s"], ["y"])];
    const { b, graph } = builder({ x: [null, 2], w: [2, 3], bias: [3], v: [null, 2] }, nodes, { h: [null, 3], p: [null, 3], s: [null, 3], y: [null, 3] });
    const tangent = pushForward(b, nodes, opStates, "y", new Map([["x", "v"]]))!;
    const pruned = prune(b.finish("test", graph.inputs, [tangent], graph.opsets));
    expect(pruned.nodes.flatMap((n) => n.inputs).filter((name) => name.startsWith("y/cotangent"))).toEqual([]);
  });

  it("is undefined where no source reaches the output", () => {
    const nodes = [node("Neg", ["q"], ["y"])];
    const { b } = builder({ p: [1], q: [1] }, nodes, { y: [1] });
    expect(pushForward(b, nodes, opStates, "y", new Map([["p", b.constant("float64", [1], [2])]]))).toBeUndefined();
  });
});
