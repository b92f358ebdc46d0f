import { float } from "../../../src/graph/builder.js";
import type { AttributeValue } from "../../../src/graph/builder.js";
import type { Node } from "../../../src/graph/ir.js";
import { caseOfNodes, constant, node, variable, type CaseInput, type GradientCase } from "../gradientCase.js";

/*
 * A straight-through estimate is the derivative of the same arithmetic without rounding. Each case therefore names that arithmetic as its surrogate: weights are
 * dequantised in it, ranges become Clip. Inputs x0 (variable), x1, … (constants: weights, scales, zero points).
 */

const single = { dtype: "float32" } as const;
const scalar = (value: number): CaseInput => constant("float32", [], [value]);
const byte = (value: number): CaseInput => constant("uint8", [], [value]);
const weights = [-7, 12, 3, -25, 18, 9, -4, 30, -11, 2, 21, -16];

function approximated(
  op: string,
  form: string,
  nodes: readonly Node[],
  surrogate: readonly Node[],
  inputs: readonly CaseInput[],
  tolerance = 2e-3,
): GradientCase {
  return caseOfNodes(op, nodes, inputs, { ...single, form, surrogate, tolerance });
}

/** x1 scale, x2 zero point: levels 0 to 255 are −5 to 7.75. */
const inRange: readonly (readonly [number, number])[] = [[-4.5, 7]];
const clipped: readonly (readonly [number, number])[] = [
  [-8, -5.5],
  [-4.5, 7],
  [8.5, 12],
];

const quantise = (op: string, prefix = ""): GradientCase[] =>
  [inRange, clipped].map((domain, i) => {
    const q = node(`${prefix}QuantizeLinear`, ["x0", "x1", "x2"], ["q"]);
    const d = node(`${prefix}DequantizeLinear`, ["q", "x1", "x2"], ["y0"]);
    return approximated(
      op,
      i === 0 ? "in range" : "clipped",
      [q, d],
      [node("Clip", ["x0", "x3", "x4"], ["y0"])],
      [variable([null, 6], domain), scalar(0.05), byte(100), scalar(-5), scalar(7.75)],
    );
  });

const perChannel = approximated(
  "QuantizeLinear",
  "a scale for each channel",
  [node("QuantizeLinear", ["x0", "x1", "x2"], ["q"], { axis: 1 }), node("DequantizeLinear", ["q", "x1", "x2"], ["y0"], { axis: 1 })],
  [node("Min", ["x0", "x3"], ["m"]), node("Max", ["m", "x4"], ["y0"])],
  [
    variable([null, 2, 3], [[-0.9, 0.9]]),
    constant("float32", [2], [0.01, 0.02]),
    constant("int8", [2], [0, 10]),
    constant("float32", [2, 1], [1.27, 2.34]),
    constant("float32", [2, 1], [-1.28, -2.76]),
  ],
);

/** A product of dynamically quantised x0 with int8 weights x1, zero point x2, scale x3, back in real numbers. */
function dynamic(
  op: "MatMulInteger" | "ConvInteger",
  attributes: Readonly<Record<string, AttributeValue>>,
  x: CaseInput,
  dims: readonly number[],
): GradientCase {
  const nodes = [
    node("DynamicQuantizeLinear", ["x0"], ["q", "s", "z"]),
    node(op, ["q", "x1", "z", "x2"], ["sum"], attributes),
    node("Cast", ["sum"], ["real"], { to: 1 }),
    node("Mul", ["s", "x3"], ["scale"]),
    node("Mul", ["real", "scale"], ["y0"]),
  ];
  const surrogate = [
    node("Cast", ["x1"], ["w"], { to: 1 }),
    node("Mul", ["w", "x3"], ["weights"]),
    node(op === "MatMulInteger" ? "MatMul" : "Conv", ["x0", "weights"], ["y0"], attributes),
  ];
  return approximated(op, `dynamically quantised by [${dims.join()}] ${JSON.stringify(attributes)}`, nodes, surrogate, [
    x,
    constant(
      "int8",
      dims,
      weights.slice(
        0,
        dims.reduce((p, d) => p * d, 1),
      ),
    ),
    constant("int8", [], [0]),
    scalar(0.02),
  ]);
}

const q0 = node("QuantizeLinear", ["x0", "x1", "x2"], ["q"]);
const out = node("DequantizeLinear", ["r", "x6", "x7"], ["y0"]);
const realWeights = [node("Cast", ["x3"], ["w0"], { to: 1 }), node("Mul", ["w0", "x4"], ["w"])];
/** x1, x2: input scale and zero point; x3, x4, x5: weights, their scale and zero point; x6, x7: the output's. */
const operands = (x: CaseInput, dims: readonly number[]): CaseInput[] => [
  x,
  scalar(0.05),
  byte(100),
  constant(
    "int8",
    dims,
    weights.slice(
      0,
      dims.reduce((p, d) => p * d, 1),
    ),
  ),
  scalar(0.02),
  constant("int8", [], [0]),
  scalar(0.4),
  byte(128),
];

/** One-input operators of com.microsoft: X quantised by x1, x2; the result by x3, x4. */
function one(
  op: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  surrogate: readonly Node[],
  scale: number,
  zero: number,
  tolerance: number,
  dims: readonly (number | null)[] = [null, 1, 4, 4],
): GradientCase {
  return approximated(
    op,
    JSON.stringify(attributes),
    [q0, node(op, ["q", "x1", "x2", "x3", "x4"], ["r"], attributes), node("DequantizeLinear", ["r", "x3", "x4"], ["y0"])],
    surrogate,
    [variable(dims, [[0.3, 3]]), scalar(0.05), byte(100), scalar(scale), byte(zero)],
    tolerance,
  );
}

const real3 = [node("Cast", ["x3"], ["w0"], { to: 1 }), node("Sub", ["w0", "x8"], ["w1"]), node("Mul", ["w1", "x4"], ["w"])];
/** The other operand of a QLinear sum or product: uint8. */
const bytes = [scalar(0.05), byte(100), constant("uint8", [4], [120, 90, 140, 160]), scalar(0.03), byte(110), scalar(0.2), byte(128), scalar(110)];

export const quantized: readonly GradientCase[] = [
  ...quantise("QuantizeLinear"),
  ...quantise("DequantizeLinear"),
  perChannel,
  ...quantise("com.microsoft:QuantizeLinear", "com.microsoft:"),
  ...quantise("com.microsoft:DequantizeLinear", "com.microsoft:"),
  approximated(
    "DynamicQuantizeLinear",
    "and back",
    [node("DynamicQuantizeLinear", ["x0"], ["q", "s", "z"]), node("DequantizeLinear", ["q", "s", "z"], ["y0"])],
    [node("Identity", ["x0"], ["y0"])],
    [variable([null, 5])],
  ),
  dynamic("MatMulInteger", {}, variable([null, 3]), [3, 4]),
  dynamic("MatMulInteger", {}, variable([2, 2, 3]), [3, 2]),
  dynamic("ConvInteger", { pads: [1, 1, 1, 1], strides: [2, 2] }, variable([null, 1, 4, 4]), [2, 1, 2, 2]),
  dynamic("ConvInteger", { group: 2 }, variable([1, 2, 3, 3]), [2, 1, 2, 2]),
  approximated(
    "QLinearMatMul",
    "uint8 by int8",
    [q0, node("QLinearMatMul", ["q", "x1", "x2", "x3", "x4", "x5", "x6", "x7"], ["r"]), out],
    [...realWeights, node("MatMul", ["x0", "w"], ["y0"])],
    operands(variable([null, 3]), [3, 4]),
  ),
  approximated(
    "QLinearConv",
    "padded",
    [q0, node("QLinearConv", ["q", "x1", "x2", "x3", "x4", "x5", "x6", "x7"], ["r"], { pads: [1, 0, 0, 1] }), out],
    [...realWeights, node("Conv", ["x0", "w"], ["y0"], { pads: [1, 0, 0, 1] })],
    operands(variable([null, 1, 3, 3]), [2, 1, 2, 2]),
  ),
  approximated(
    "com.microsoft:DynamicQuantizeMatMul",
    "with bias",
    [node("com.microsoft:DynamicQuantizeMatMul", ["x0", "x1", "x2", "x3", "x4"], ["y0"])],
    [node("Cast", ["x1"], ["w0"], { to: 1 }), node("Mul", ["w0", "x2"], ["w"]), node("MatMul", ["x0", "w"], ["p"]), node("Add", ["p", "x4"], ["y0"])],
    [variable([null, 3]), constant("int8", [3, 4], weights), scalar(0.02), constant("int8", [], [0]), constant("float32", [4], [1, 2, 3, 4])],
  ),
  approximated(
    "com.microsoft:MatMulIntegerToFloat",
    "with bias",
    [node("DynamicQuantizeLinear", ["x0"], ["q", "s", "z"]), node("com.microsoft:MatMulIntegerToFloat", ["q", "x1", "s", "x2", "z", "x3", "x4"], ["y0"])],
    [node("Cast", ["x1"], ["w0"], { to: 1 }), node("Mul", ["w0", "x2"], ["w"]), node("MatMul", ["x0", "w"], ["p"]), node("Add", ["p", "x4"], ["y0"])],
    [variable([null, 3]), constant("int8", [3, 4], weights), scalar(0.02), constant("int8", [], [0]), constant("float32", [4], [1, 2, 3, 4])],
  ),
  approximated(
    "com.microsoft:QLinearAdd",
    "broadcast",
    [q0, node("com.microsoft:QLinearAdd", ["q", "x1", "x2", "x3", "x4", "x5", "x6", "x7"], ["r"]), out],
    [...real3, node("Add", ["x0", "w"], ["y0"])],
    [variable([null, 4]), ...bytes],
  ),
  approximated(
    "com.microsoft:QLinearMul",
    "broadcast",
    [q0, node("com.microsoft:QLinearMul", ["q", "x1", "x2", "x3", "x4", "x5", "x6", "x7"], ["r"]), out],
    [...real3, node("Mul", ["x0", "w"], ["y0"])],
    [variable([null, 4]), ...bytes],
  ),
  one("com.microsoft:QLinearSigmoid", {}, [node("Sigmoid", ["x0"], ["y0"])], 1 / 255, 0, 5e-2),
  one("com.microsoft:QLinearLeakyRelu", { alpha: float(0.2) }, [node("LeakyRelu", ["x0"], ["y0"], { alpha: float(0.2) })], 0.05, 100, 2e-3),
  one("com.microsoft:QLinearGlobalAveragePool", {}, [node("GlobalAveragePool", ["x0"], ["y0"])], 0.05, 100, 2e-3),
  one(
    "com.microsoft:QLinearAveragePool",
    { kernel_shape: [2, 2], strides: [2, 2] },
    [node("AveragePool", ["x0"], ["y0"], { kernel_shape: [2, 2], strides: [2, 2] })],
    0.05,
    100,
    2e-3,
  ),
  approximated(
    "com.microsoft:QLinearConcat",
    "itself and a constant",
    [
      q0,
      node("com.microsoft:QLinearConcat", ["x3", "x4", "q", "x1", "x2", "x5", "x1", "x2"], ["r"], { axis: 1 }),
      node("DequantizeLinear", ["r", "x3", "x4"], ["y0"]),
    ],
    [node("Concat", ["x0", "x6"], ["y0"], { axis: 1 })],
    [variable([2, 3]), scalar(0.05), byte(100), scalar(0.06), byte(110), constant("uint8", [2, 1], [120, 90]), constant("float32", [2, 1], [1, -0.5])],
  ),
];
