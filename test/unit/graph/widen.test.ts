import { expect, it } from "vitest";
import { pack } from "../../../src/data/pack.js";
import { print } from "../../../src/graph/print.js";
import { verify } from "../../../src/graph/verify.js";
import { widen } from "../../../src/graph/widen.js";
import { tensor } from "../../../src/tensor/tensor.js";
import { difference, float32, graphOf, op, run } from "./build.js";

const half = (values: readonly number[]) => pack("float16", [values.length], values);
const x = half([0.5, -1, 2]);

it("takes float16 out of inputs, constants, types in attributes and branches, whatever lies around it", async () => {
  const branch = (name: string, value: number) =>
    ({ kind: "graph", value: { ...graphOf({ constants: { c: half([value]) }, nodes: [op(name, ["x", "c"], ["t"])], outputs: ["t"] }), opsets: {} } }) as const;
  const graph = graphOf({
    inputs: { x },
    constants: {
      yes: { dtype: "bool", dims: [], data: new Uint8Array([1]) },
      three: tensor("int64", [1], [3]),
      large: half(new Array<number>(3000).fill(0.1)),
    },
    nodes: [
      op("If", ["yes"], ["y"], { then_branch: branch("Add", 1.5), else_branch: branch("Mul", 2) }),
      op("ConstantOfShape", ["three"], ["filled"], { value: { kind: "tensor", value: half([0.25]) } }),
      op("Add", ["y", "filled"], ["s"]),
      op("Cast", ["s"], ["wide"], { to: 1 }),
      op("Cast", ["wide"], ["again"], { to: 10 }),
      op("ReduceSum", ["large"], ["sum"], { keepdims: 0 }),
      op("Mul", ["again", "sum"], ["z"]),
    ],
    outputs: ["z", "wide"],
  });
  const wide = widen(graph);
  verify(wide);
  // Only the weights that stay where they lie in the file.
  expect(print(wide).match(/.*float16.*/g)).toEqual([expect.stringContaining("large/stored")]);
  const given = { x: float32([3], [0.5, -1, 2]) };
  const sum = 3000 * 0.0999755859375;
  const expected = new Map([
    ["z", float32([3], [2.25 * sum, 0.75 * sum, 3.75 * sum])],
    ["wide", float32([3], [2.25, 0.75, 3.75])],
  ]);
  expect(difference(expected, await run(wide, given))).toBeLessThan(1e-3);
});

it("leaves a graph without halves alone", () => {
  const graph = graphOf({ inputs: { a: float32([2]) }, nodes: [op("Cast", ["a"], ["b"], { to: 11 })], outputs: ["b"] });
  expect(widen(graph)).toBe(graph);
});
