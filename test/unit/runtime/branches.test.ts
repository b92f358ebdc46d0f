import { expect, it } from "vitest";
import { encodeModel } from "../../../src/graph/encode.js";
import type { Attribute } from "../../../src/graph/ir.js";
import { TensorProto_DataLocation } from "../../../src/onnx/generated/onnx_pb.js";
import { bind } from "../../../src/runtime/bind.js";
import { difference, float32, graphOf, op, run } from "../graph/build.js";

const x = float32(
  [1, 20],
  Array.from({ length: 20 }, (_, i) => i / 10),
);
const weights = float32([20, 20]);
const branch = (name: string): Attribute => ({
  kind: "graph",
  value: {
    ...graphOf({
      constants: { w: weights },
      nodes: [op("Transpose", ["w"], ["t"], { perm: [1, 0] }), op("MatMul", ["x", "t"], ["p"]), op(name, ["p"], ["q"])],
      outputs: ["q"],
    }),
    opsets: {},
  },
});
const graph = graphOf({
  inputs: { x },
  constants: { outside: weights },
  nodes: [
    op("MatMul", ["x", "outside"], ["m"]),
    op("ReduceSum", ["x"], ["sum"], { keepdims: 0 }),
    op("Cast", ["sum"], ["up"], { to: 9 }),
    op("If", ["up"], ["b"], { then_branch: branch("Tanh"), else_branch: branch("Exp") }),
    op("Add", ["m", "b"], ["y"]),
  ],
  outputs: ["y"],
});

it("keeps constants of branches in the model, whatever lies in a file: the runtime refuses references there", () => {
  const { graph: encoded } = encodeModel(graph, () => ({ location: "model.onnx", offset: 0, length: 1600 }));
  expect(encoded?.initializer.map((i) => i.dataLocation)).toEqual([TensorProto_DataLocation.EXTERNAL]);
  const bodies = encoded?.node.flatMap((n) => n.attribute.flatMap((a) => (a.g === undefined ? [] : [a.g]))) ?? [];
  expect(bodies).toHaveLength(2);
  for (const body of bodies) expect(body.initializer.map((i) => [i.dataLocation, i.rawData.length])).toEqual([[TensorProto_DataLocation.DEFAULT, 1600]]);
});

it("folds what is constant in the branch that a sample takes", async () => {
  const { bound, decided } = await bind(graph, { x }, { threads: 1 }, "key");
  expect(decided).toEqual(["If:b"]);
  expect(bound.graph.nodes.map((n) => n.op)).toEqual(["MatMul", "MatMul", "Tanh", "Add"]);
  expect(difference(await run(graph, { x }), await run(bound.graph, { x }))).toBeLessThan(1e-6);
});
