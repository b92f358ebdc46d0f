import { describe, expect, it } from "vitest";
import { fold } from "../../../src/graph/fold.js";
import type { Attribute, Graph, Types } from "../../../src/graph/ir.js";
import { print } from "../../../src/graph/print.js";
import { verify } from "../../../src/graph/verify.js";
import type { Tensor } from "../../../src/tensor/tensor.js";
import { difference, float32, graphOf, int64, op, run, type Parts } from "./build.js";

const golden = (name: string): string => `../../golden/graph/${name}.txt`;
const evaluate = (graph: Graph) => run(graph);
const body = (parts: Parts): Attribute => ({ kind: "graph", value: { ...graphOf(parts), opsets: {} } });

describe("fold", () => {
  it("makes initializers of Constant nodes of every form", async () => {
    const value = (name: string, a: Attribute) => op("Constant", [], [name], { [a.kind === "tensor" ? "value" : `value_${a.kind}`]: a });
    const graph = graphOf({
      inputs: { x: float32([2]) },
      nodes: [
        value("f", { kind: "float", value: 1.5 }),
        value("fs", { kind: "floats", value: [1, 2] }),
        value("i", { kind: "int", value: 1 }),
        value("is", { kind: "ints", value: [2] }),
        value("s", { kind: "string", value: "a" }),
        value("ss", { kind: "strings", value: ["a", "b"] }),
        value("t", { kind: "tensor", value: float32([2], [3, 4]) }),
        op("Sum", ["x", "f", "fs", "t"], ["sum"]),
        op("Reshape", ["sum", "is"], ["y"]),
        op("Equal", ["s", "ss"], ["e"]),
        op("Gather", ["y", "i"], ["g"]),
        op("Where", ["e", "y", "g"], ["z"]),
      ],
      outputs: ["z"],
    });
    const folded = await fold(graph, evaluate);
    verify(folded);
    await expect(print(folded)).toMatchFileSnapshot(golden("fold-constants"));
    const feeds = { x: float32([2]) };
    expect(difference(await run(graph, feeds), await run(folded, feeds))).toBe(0);
  });

  it("leaves large results and random values to their nodes", async () => {
    const graph = graphOf({
      inputs: { x: float32([1, 64]) },
      constants: { w: float32([64, 64]), shape: int64(64, 64), one: float32([1], [1]) },
      nodes: [
        op("Transpose", ["w"], ["wt"]),
        op("MatMul", ["x", "wt"], ["h"]),
        op("Expand", ["one", "shape"], ["ones"]),
        op("MatMul", ["h", "ones"], ["k"]),
        op("RandomUniform", [], ["r"], { shape: [64] }),
        op("Add", ["k", "r"], ["y"]),
      ],
      outputs: ["y"],
    });
    expect((await fold(graph, evaluate, { limit: 1024 })).nodes.map((n) => n.op)).toEqual(["Transpose", "MatMul", "Expand", "MatMul", "RandomUniform", "Add"]);
    expect((await fold(graph, evaluate)).nodes.map((n) => n.op)).toEqual(["MatMul", "MatMul", "RandomUniform", "Add"]);
  });

  it("takes the branch of a constant condition, nested and with clashing names", async () => {
    const inner = body({ nodes: [op("Mul", ["h", "two"], ["out"])], constants: { two: float32([], [2]) }, outputs: ["out"] });
    const captured = body({ nodes: [op("Identity", ["x"], ["out"])], outputs: ["out"] });
    const graph = graphOf({
      inputs: { x: float32([3]) },
      constants: { yes: { dtype: "bool", dims: [], data: new Uint8Array([1]) }, no: { dtype: "bool", dims: [], data: new Uint8Array([0]) } },
      nodes: [
        op("Not", ["no"], ["condition"]),
        op("If", ["condition"], ["a"], {
          then_branch: body({ nodes: [op("Relu", ["x"], ["h"]), op("If", ["no"], ["out"], { then_branch: captured, else_branch: inner })], outputs: ["out"] }),
          else_branch: captured,
        }),
        op("If", ["yes"], ["b"], {
          then_branch: body({ nodes: [op("Neg", ["a"], ["h"]), op("Exp", ["h"], ["out"])], outputs: ["out"] }),
          else_branch: captured,
        }),
        op("If", ["no"], ["c"], { then_branch: captured, else_branch: captured }),
        op("Sum", ["a", "b", "c"], ["y"]),
      ],
      outputs: ["y"],
    });
    const folded = await fold(graph, evaluate);
    verify(folded);
    await expect(print(folded)).toMatchFileSnapshot(golden("fold-branches"));
    const feeds = { x: float32([3]) };
    expect(difference(await run(graph, feeds), await run(folded, feeds))).toBe(0);
  });

  it("makes constants of shapes that the types tell, and of Reshape targets that follow the batch", async () => {
    const x = float32([2, 3, 4]);
    const graph = graphOf({
      inputs: { x },
      constants: { zero: int64(0), one: int64(1), two: { dtype: "int64", dims: [], data: new BigInt64Array([2n]) }, three: int64(3), minus: int64(-1) },
      nodes: [
        op("Shape", ["x"], ["shape"]),
        op("Gather", ["shape", "two"], ["last"]),
        op("Unsqueeze", ["last", "zero"], ["width"]),
        op("Slice", ["shape", "zero", "one"], ["batch"]),
        op("Mul", ["width", "three"], ["size"]),
        op("Concat", ["batch", "size"], ["target"], { axis: 0 }),
        op("Reshape", ["x", "target"], ["flat"]),
        op("Shape", ["x"], ["tail"], { start: 1 }),
        op("ReduceProd", ["tail"], ["count"], { keepdims: 0 }),
        op("Cast", ["count"], ["scale"], { to: 1 }),
        op("Div", ["flat", "scale"], ["y"]),
      ],
      outputs: ["y"],
    });
    const types: Types = new Map([
      ["x", { dtype: "float32", dims: [null, 3, 4] }],
      ["width", { dtype: "int64", dims: [1] }],
      ["size", { dtype: "int64", dims: [1] }],
      ["last", { dtype: "int64", dims: [] }],
    ]);
    const folded = await fold(graph, evaluate, { types });
    verify(folded);
    await expect(print(folded)).toMatchFileSnapshot(golden("fold-shapes"));
    for (const rows of [2, 5]) {
      const feeds: Record<string, Tensor> = { x: float32([rows, 3, 4]) };
      const free = (g: Graph): Graph => ({ ...g, inputs: [{ name: "x", dtype: "float32", dims: [null, 3, 4] }] });
      expect(difference(await run(free(graph), feeds), await run(free(folded), feeds))).toBe(0);
    }
  });
});
