import { attribute } from "../attributes.js";
import type { Node } from "../ir.js";

/** Emits plain operators on doubles; numbers are float64 scalars. */
export interface Doubles {
  readonly emit: (op: string, ...inputs: readonly (string | number)[]) => string;
  readonly attribute: (name: string, fallback: number) => number;
}

/** An operator in terms of those that ONNX Runtime computes in float64: the name of the result for the names of the inputs. */
type Form = (d: Doubles, x: string, second: string, node: Node) => string;

/** `above` where x > bound, else `other`. */
function split({ emit }: Doubles, x: string, bound: number, above: string | number, other: string | number): string {
  return emit("Where", emit("Greater", x, bound), above, other);
}

/** eˣ − 1 left of 0 and 0 right of it, where eˣ might overflow. */
function expBelow({ emit }: Doubles, x: string): string {
  return emit("Sub", emit("Exp", emit("Min", x, 0)), 1);
}

function softplus({ emit }: Doubles, x: string): string {
  return emit("Add", emit("Relu", x), emit("Log", emit("Add", emit("Exp", emit("Neg", emit("Abs", x))), 1)));
}

function clipped({ emit }: Doubles, value: string): string {
  return emit("Clip", value, 0, 1);
}

function halfOf({ emit }: Doubles, op: "Add" | "Sub", x: string): string {
  return emit("Mul", emit(op, emit("Exp", x), emit("Exp", emit("Neg", x))), 0.5);
}

/** log(x + √(x² ± 1)). */
function areaLog({ emit }: Doubles, x: string, op: "Add" | "Sub"): string {
  return emit("Log", emit("Add", x, emit("Sqrt", emit(op, emit("Mul", x, x), 1))));
}

/**
 * Operators without a float64 kernel at the target opset. ONNX Runtime 1.30 computes most activations in double at opset 18 alone (by their function bodies), the rest never.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/docs/OperatorKernels.md
 */
export const doubleForms: Readonly<Record<string, Form>> = {
  LeakyRelu: (d, x) => split(d, x, 0, x, d.emit("Mul", x, d.attribute("alpha", Math.fround(0.01)))),
  PRelu: (d, x, slope) => split(d, x, 0, x, d.emit("Mul", x, slope)),
  ThresholdedRelu: (d, x) => split(d, x, d.attribute("alpha", 1), x, 0),
  Elu: (d, x) => split(d, x, 0, x, d.emit("Mul", expBelow(d, x), d.attribute("alpha", 1))),
  Celu: (d, x) => {
    const alpha = d.attribute("alpha", 1);
    return split(d, x, 0, x, d.emit("Mul", expBelow(d, d.emit("Div", x, alpha)), alpha));
  },
  Selu: (d, x) => {
    const below = d.emit("Mul", expBelow(d, x), d.attribute("alpha", 1.67326319217681884765625));
    return d.emit("Mul", split(d, x, 0, x, below), d.attribute("gamma", 1.05070102214813232421875));
  },
  HardSigmoid: (d, x) => clipped(d, d.emit("Add", d.emit("Mul", x, d.attribute("alpha", Math.fround(0.2))), d.attribute("beta", 0.5))),
  HardSwish: (d, x) => d.emit("Mul", x, clipped(d, d.emit("Add", d.emit("Mul", x, 1 / 6), 0.5))),
  Softplus: softplus,
  Softsign: (d, x) => d.emit("Div", x, d.emit("Add", d.emit("Abs", x), 1)),
  Mish: (d, x) => d.emit("Mul", x, d.emit("Tanh", softplus(d, x))),
  Swish: (d, x) => d.emit("Mul", x, d.emit("Sigmoid", d.emit("Mul", x, d.attribute("alpha", 1)))),
  Gelu: (d, x, _, node) => {
    const inner =
      attribute(node, "approximate", "string") === "tanh"
        ? d.emit("Tanh", d.emit("Mul", d.emit("Mul", x, Math.sqrt(2 / Math.PI)), d.emit("Add", d.emit("Mul", d.emit("Mul", x, x), 0.044715), 1)))
        : d.emit("Erf", d.emit("Mul", x, Math.SQRT1_2));
    return d.emit("Mul", d.emit("Mul", x, 0.5), d.emit("Add", inner, 1));
  },
  Shrink: (d, x) => {
    const [lambda, bias] = [d.attribute("lambd", 0.5), d.attribute("bias", 0)];
    return split(d, x, lambda, d.emit("Sub", x, bias), d.emit("Where", d.emit("Less", x, -lambda), d.emit("Add", x, bias), 0));
  },
  Sinh: (d, x) => halfOf(d, "Sub", x),
  Cosh: (d, x) => halfOf(d, "Add", x),
  Tan: (d, x) => d.emit("Div", d.emit("Sin", x), d.emit("Cos", x)),
  // Odd: the sum of |x| and the root loses no digits.
  Asinh: (d, x) => d.emit("Mul", d.emit("Sign", x), areaLog(d, d.emit("Abs", x), "Add")),
  Acosh: (d, x) => areaLog(d, x, "Sub"),
  Atanh: (d, x) => d.emit("Mul", d.emit("Log", d.emit("Div", d.emit("Add", x, 1), d.emit("Sub", 1, x))), 0.5),
  Mean: (d, _, __, node) => d.emit("Mul", d.emit("Sum", ...node.inputs), 1 / node.inputs.length),
};

/** Operators that have neither a kernel for doubles nor a form above: computed in float32 between two casts. */
export const singleOnly: ReadonlySet<string> = new Set([
  ...["Acos", "Asin", "Atan", "Erf", "Det", "Hardmax", "OneHot", "LRN", "InstanceNormalization", "MeanVarianceNormalization", "Conv", "ConvTranspose", "RNN"],
  ...["AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool", "MaxUnpool", "Resize", "Col2Im"],
]);
