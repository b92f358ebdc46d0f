import { expect, it } from "vitest";
import { attribute } from "../../../src/graph/attributes.js";
import { doubleForms, singleOnly } from "../../../src/graph/double/forms.js";
import type { Attribute } from "../../../src/graph/ir.js";
import { tensor } from "../../../src/tensor/tensor.js";
import { graphOf, op } from "../graph/build.js";
import { openGraph } from "./onDisk.js";

const float = (value: number): Attribute => ({ kind: "float", value });
const doubles = (values: readonly number[]) => tensor("float64", [1, values.length], values);
const wide = [-2.3, -1.4, -0.6, -0.2, 0.3, 0.7, 1.6, 2.8];
const inside = [-0.9, -0.6, -0.3, -0.05, 0.1, 0.4, 0.7, 0.93];

interface DoubleCase {
  readonly of: string;
  readonly f: (x: number) => number;
  readonly attributes?: Readonly<Record<string, Attribute | string>>;
  readonly at?: readonly number[];
  /** Constants behind x. */
  readonly more?: Readonly<Record<string, number>>;
  readonly opset?: number;
}

const softplus = (x: number): number => Math.log1p(Math.exp(x));
const third = Math.fround(0.3);
const cases: readonly DoubleCase[] = [
  { of: "LeakyRelu", f: (x) => (x > 0 ? x : third * x), attributes: { alpha: float(third) } },
  { of: "PRelu", f: (x) => (x > 0 ? x : 0.3 * x), more: { slope: 0.3 } },
  { of: "ThresholdedRelu", f: (x) => (x > third ? x : 0), attributes: { alpha: float(third) }, at: wide.map((x) => x + 0.05) },
  { of: "Elu", f: (x) => (x > 0 ? x : third * Math.expm1(x)), attributes: { alpha: float(third) } },
  { of: "Celu", f: (x) => (x > 0 ? x : third * Math.expm1(x / third)), attributes: { alpha: float(third) } },
  { of: "Selu", f: (x) => 1.05070102214813232421875 * (x > 0 ? x : 1.67326319217681884765625 * Math.expm1(x)) },
  { of: "HardSigmoid", f: (x) => Math.min(1, Math.max(0, third * x + 0.5)), attributes: { alpha: float(third) } },
  { of: "HardSwish", f: (x) => x * Math.min(1, Math.max(0, x / 6 + 0.5)), at: wide.map((x) => 1.7 * x) },
  { of: "Softplus", f: softplus },
  { of: "Softsign", f: (x) => x / (1 + Math.abs(x)) },
  { of: "Mish", f: (x) => x * Math.tanh(softplus(x)) },
  { of: "Swish", f: (x) => x / (1 + Math.exp(-third * x)), attributes: { alpha: float(third) }, opset: 24 },
  { of: "Gelu", f: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))), attributes: { approximate: "tanh" }, opset: 20 },
  {
    of: "Shrink",
    f: (x) => (x > 0.5 ? x - third : x < -0.5 ? x + third : 0),
    attributes: { lambd: float(0.5), bias: float(third) },
  },
  { of: "Sinh", f: Math.sinh },
  { of: "Cosh", f: Math.cosh },
  { of: "Tan", f: Math.tan, at: inside },
  { of: "Asinh", f: Math.asinh },
  { of: "Acosh", f: Math.acosh, at: wide.map((x) => x + 4) },
  { of: "Atanh", f: Math.atanh, at: inside },
  { of: "Mean", f: (x) => (x + 0.3) / 2, more: { other: 0.3 } },
];

/** Σ w·f(x), with a weight for each element. */
const weights = [0.9, -0.4, 0.7, 1.3, -0.8, 0.5, -1.1, 0.6];

it.each(cases)("$of stays in double, and so does its derivative", async ({ of, f, attributes = {}, at = wide, more = {}, opset = 18 }) => {
  const inputs = ["x", ...Object.keys(more)];
  const graph = graphOf({
    inputs: { x: doubles(at) },
    constants: { w: tensor("float64", [8, 1], weights), ...Object.fromEntries(Object.entries(more).map(([name, v]) => [name, tensor("float64", [1], [v])])) },
    nodes: [op(of, inputs, ["y"], attributes), op("MatMul", ["y", "w"], ["z"])],
    outputs: ["z", "y"],
    opset,
  });
  const model = await openGraph(graph);
  expect(model.diagnostics).toEqual([]);
  const { y, z } = await model.run({ x: doubles(at) });
  expect(z?.dtype).toBe("float64");
  at.forEach((x, i) => expect(Number(y?.data[i])).toBeCloseTo(f(x), 13));
  const { result } = await model.attribute({ method: "inputXGradient", inputs: { x: doubles(at) }, targets: [{ value: "z", index: [0] }] });
  const h = 1e-5;
  at.forEach((x, i) => {
    const slope = (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h);
    expect(result.attributions["x"]?.data[i]).toBeCloseTo(x * slope * (weights[i] ?? 0), 9);
  });
});

it("has a case for every form", () => {
  expect(Object.keys(doubleForms).filter((name) => !cases.some((c) => c.of === name))).toEqual([]);
  expect(Object.keys(doubleForms).filter((name) => singleOnly.has(name))).toEqual([]);
});

it("computes in float32 what nothing computes in double, in branches too, and says so", async () => {
  const body = (name: string): Attribute => ({ kind: "graph", value: { ...graphOf({ nodes: [op(name, ["x"], ["t"])], outputs: ["t"] }), opsets: {} } });
  const graph = graphOf({
    inputs: { x: doubles(inside) },
    constants: { zero: tensor("float64", [], [0]) },
    nodes: [
      op("Atan", ["x"], ["a"]),
      op("ReduceSum", ["x"], ["sum"], { keepdims: 0 }),
      op("Greater", ["sum", "zero"], ["up"]),
      op("If", ["up"], ["b"], { then_branch: body("Erf"), else_branch: body("Elu") }),
      op("Add", ["a", "b"], ["y"]),
    ],
    outputs: ["y"],
  });
  const model = await openGraph(graph);
  expect(model.diagnostics).toMatchObject([{ code: "PRECISION_NARROWED", message: expect.stringContaining("Atan, Erf") as string }]);
  expect(model.graph.nodes.filter((n) => n.op === "Cast").map((n) => attribute(n, "to", "int"))).toEqual([1, 11]);
  const { y } = await model.run({ x: doubles(inside) });
  expect(y?.dtype).toBe("float64");
  const { result } = await model.attribute({ method: "inputXGradient", inputs: { x: doubles(inside) }, targets: [{ value: "y", index: [4] }] });
  // d/dx atan + erf at 0.1
  expect(result.attributions["x"]?.data[4]).toBeCloseTo(0.1 * (1 / 1.01 + (2 / Math.sqrt(Math.PI)) * Math.exp(-0.01)), 6);
});

it("explains x · sigmoid(x) in double, which ONNX Runtime fuses into an operator without a kernel", async () => {
  const nodes = [op("Sigmoid", ["x"], ["s"]), op("Mul", ["x", "s"], ["y"])];
  const model = await openGraph(graphOf({ inputs: { x: doubles(inside) }, nodes, outputs: ["y"] }));
  const { result } = await model.attribute({ method: "inputXGradient", inputs: { x: doubles(inside) }, targets: [{ value: "y", index: [0] }] });
  const s = 1 / (1 + Math.exp(0.9));
  expect(result.attributions["x"]?.data[0]).toBeCloseTo(-0.9 * s * (1 - 0.9 * (1 - s)), 13);
});
