import { describe, expect, it } from "vitest";
import { float } from "../../../src/graph/builder.js";
import { tensor } from "../../../src/tensor/tensor.js";
import { pointGradient } from "./pointGradient.js";

const scalar = (value: number) => tensor("float64", [], [value]);
const vector = (...values: number[]) => tensor("float64", [values.length], values);

/** Points where a derivative does not exist or a formula divides by zero; the expected values are torch's conventions unless the name says otherwise. */
describe("derivatives at edges", () => {
  it.each([
    ["Relu", [-1, 0, 1], [0, 0, 1]],
    ["Abs", [-2, 0, 2], [-1, 0, 1]],
    ["LeakyRelu", [-1, 0, 1], [Math.fround(0.01), Math.fround(0.01), 1]],
    ["Elu", [0, 1], [1, 1]],
    ["Softsign", [0], [1]],
    ["HardSigmoid", [-2.5, 0, 2.5], [0, Math.fround(0.2), 0]],
    ["HardSwish", [-3, 3, 4], [0, 1, 1]],
    ["Sign", [-1, 0, 1], [0, 0, 0]],
    ["Floor", [0.5, 1], [0, 0]],
  ] as const)("%s", async (op, x, expected) => {
    const got = await pointGradient(op, x, {});
    got.forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 6));
  });

  it("Sigmoid, Tanh, Softplus and Mish are finite far out", async () => {
    for (const op of ["Sigmoid", "Tanh", "Softplus", "Mish"]) {
      const got = await pointGradient(op, [-800, 800]);
      expect(got[0]).toBeCloseTo(0, 12);
      expect(got[1]).toBeCloseTo(op === "Softplus" || op === "Mish" ? 1 : 0, 12);
    }
  });

  it("Clip passes at its bounds, as clamp does", async () => {
    expect(await pointGradient("Clip", [-2, -1, 0, 1, 2], {}, [scalar(-1), scalar(1)])).toEqual([0, 1, 1, 1, 0]);
  });

  it("a tie of Max or Min goes to the first input", async () => {
    for (const op of ["Max", "Min"]) expect(await pointGradient(op, [1, 2], {}, [vector(1, 2), vector(1, 2)])).toEqual([1, 1]);
    expect(await pointGradient("Max", [1, 2], {}, [vector(3, 0)])).toEqual([0, 1]);
  });

  it("tied maxima of a reduction share the cotangent", async () => {
    expect(await pointGradient("ReduceMax", [3, 1, 3])).toEqual([0.5, 0, 0.5]);
    expect(await pointGradient("ReduceMin", [1, 1, 1])).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it("a product with zeros", async () => {
    expect(await pointGradient("ReduceProd", [2, 3, 4])).toEqual([12, 8, 6]);
    expect(await pointGradient("ReduceProd", [2, 0, 4])).toEqual([0, 8, 0]);
    expect(await pointGradient("ReduceProd", [0, 0, 4])).toEqual([0, 0, 0]);
  });

  it("norms at the origin", async () => {
    expect(await pointGradient("ReduceL1", [0, 0])).toEqual([0, 0]);
    expect(await pointGradient("ReduceL2", [0, 0])).toEqual([0, 0]);
    expect(await pointGradient("LpNormalization", [0, 0])).toEqual([0, 0]);
    expect(await pointGradient("LpNormalization", [0, 0], { p: 1 })).toEqual([0, 0]);
  });

  it("powers at base 0 and of negative bases", async () => {
    expect(await pointGradient("Pow", [0, -2, 3], {}, [scalar(2)])).toEqual([0, -4, 6]);
    expect(await pointGradient("Pow", [0, -2, 3], {}, [scalar(3)])).toEqual([0, 12, 27]);
    expect(await pointGradient("Pow", [0, -2], {}, [scalar(0)])).toEqual([0, 0]);
    expect(await pointGradient("Pow", [0, -2], {}, [scalar(1)])).toEqual([1, 1]);
    expect(await pointGradient("Pow", [0, -2, 0], {}, [vector(2, 3, 0)])).toEqual([0, 12, 0]);
  });

  it("a log-sum-exp of large values", async () => {
    const got = await pointGradient("ReduceLogSumExp", [1000, 1000]);
    got.forEach((g) => expect(g).toBeCloseTo(0.5, 10));
  });

  it("a constant row of a layer normalisation", async () => {
    const got = await pointGradient("LayerNormalization", [2, 2, 2], { epsilon: float(1e-5) }, [vector(1, 1, 1)]);
    got.forEach((g) => expect(g).toBeCloseTo(0, 6));
  });
});
