import { describe, expect, it } from "vitest";
import { ExplainError } from "../../../src/base/diagnostic.js";
import { inlineFunctions } from "../../../src/graph/inline.js";
import type { Graph, LocalFunction, Model, Node } from "../../../src/graph/ir.js";
import { print } from "../../../src/graph/print.js";
import { prune } from "../../../src/graph/prune.js";
import { verify } from "../../../src/graph/verify.js";
import { captures, valuesReadBy } from "../../../src/graph/walk.js";
import { difference, float32, graphOf, op, run } from "./build.js";

const x = float32([2, 3]);
const relu = op("Relu", ["x"], ["h"]);
const branch = { kind: "graph", value: { ...graphOf({ nodes: [op("Add", ["h", "w"], ["out"])], outputs: ["out"] }), opsets: {} } } as const;
const conditional = graphOf({
  inputs: { x, c: { name: "c", dtype: "bool", dims: [] } },
  constants: { w: float32([3]), unused: float32([3]) },
  nodes: [relu, op("Neg", ["x"], ["dead"]), op("If", ["c"], ["y"], { then_branch: branch, else_branch: branch })],
  outputs: ["y"],
});

describe("walk", () => {
  it("counts what subgraphs capture as read", () => {
    const body = branch.value;
    expect(captures(body)).toEqual(["h", "w"]);
    expect(valuesReadBy(conditional.nodes[2]!)).toEqual(["c", "h", "w"]);
  });
});

describe("prune", () => {
  it("drops what no output needs", () => {
    const pruned = prune(conditional);
    expect(pruned.nodes.map((n) => n.op)).toEqual(["Relu", "If"]);
    expect([...pruned.initializers.keys()]).toEqual(["w"]);
    expect(pruned.inputs).toBe(conditional.inputs);
  });
});

describe("verify", () => {
  const graph = (nodes: readonly Node[], outputs = ["y"]): Graph => graphOf({ inputs: { x }, nodes, outputs });
  it.each([
    ["a value defined twice", graph([op("Relu", ["x"], ["y"]), op("Neg", ["x"], ["y"])]), /"y" is defined twice.*Neg/],
    ["a value read before it is made", graph([op("Neg", ["h"], ["y"]), relu]), /"h", read by .*Neg.* is not defined/],
    ["an output that nothing makes", graph([relu]), /output "y"/],
    ["two nodes of one name", graph([relu, { ...op("Neg", ["x"], ["y"]), name: relu.name }]), /Two nodes/],
  ])("refuses %s", (_, bad, message) => {
    expect(() => verify(bad)).toThrow(message);
    expect(() => verify(bad)).toThrow(ExplainError);
  });

  it("accepts subgraphs that read the graph around them", () => {
    expect(() => verify(conditional)).not.toThrow();
  });
});

describe("print", () => {
  it("is stable", async () => {
    await expect(print(conditional)).toMatchFileSnapshot("../../golden/graph/print.txt");
  });
});

describe("inlineFunctions", () => {
  const affine: LocalFunction = {
    domain: "own",
    name: "Affine",
    inputs: ["a", "b"],
    outputs: ["r", "passed"],
    attributes: { alpha: { kind: "float", value: 0.5 } },
    opsets: { "": 18 },
    nodes: [op("LeakyRelu", ["a"], ["t"], { alpha: { kind: "ref", value: "alpha" } }), op("Add", ["t", "b"], ["r"]), op("Identity", ["a"], ["passed"])],
  };
  const twice: LocalFunction = {
    domain: "own",
    name: "Twice",
    inputs: ["a"],
    outputs: ["r"],
    attributes: {},
    opsets: { "": 18, own: 1 },
    nodes: [op("Affine", ["a", "a"], ["t", ""], { alpha: { kind: "ref", value: "slope" } }, "own"), op("Affine", ["t", "a"], ["r"], {}, "own")],
  };
  const model = (nodes: readonly Node[], functions: readonly LocalFunction[]): Model => ({
    graph: graphOf({ inputs: { x }, nodes, outputs: ["y"], opsets: { "": 18, own: 1 } }),
    functions,
    irVersion: 10,
    producer: "",
    metadata: {},
  });

  it("replaces nested calls, attributes and their defaults included", async () => {
    const graph = inlineFunctions(
      model([op("Twice", ["x"], ["z"], { slope: { kind: "float", value: 0.25 } }, "own"), op("Twice", ["z"], ["y"], {}, "own")], [affine, twice]),
    );
    verify(graph);
    await expect(print(graph)).toMatchFileSnapshot("../../golden/graph/inline.txt");
    const plain = graphOf({
      inputs: { x },
      outputs: ["y"],
      opset: 18,
      nodes: [
        ["x", "z", 0.25],
        ["z", "y", 0.5],
      ].flatMap(([from, to, alpha]) => [
        op("LeakyRelu", [String(from)], [`${to}1`], { alpha: { kind: "float", value: Number(alpha) } }),
        op("Add", [`${to}1`, String(from)], [`${to}2`]),
        op("LeakyRelu", [`${to}2`], [`${to}3`], { alpha: { kind: "float", value: 0.5 } }),
        op("Add", [`${to}3`, String(from)], [String(to)]),
      ]),
    });
    expect(difference(await run(plain, { x }), await run({ ...graph, opsets: { "": 18 } }, { x }))).toBe(0);
  });

  it("refuses a function that calls itself", () => {
    const loop: LocalFunction = { ...twice, nodes: [op("Twice", ["a"], ["r"], {}, "own")] };
    expect(() => inlineFunctions(model([op("Twice", ["x"], ["y"], {}, "own")], [loop]))).toThrow(/calls itself/);
  });
});
