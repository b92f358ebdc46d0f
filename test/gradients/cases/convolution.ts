import type { AttributeValue } from "../../../src/graph/builder.js";
import type { Dim } from "../../../src/graph/ir.js";
import { awayFrom, gradientCase, variable, weight, type CaseOptions, type GradientCase } from "../gradientCase.js";

/** ONNX Runtime has no double kernels for convolutions. */
const single = { dtype: "float32" } as const;

type Form = readonly [x: readonly Dim[], weights: readonly number[], attributes: Readonly<Record<string, AttributeValue>>];

const convolutions: readonly Form[] = [
  [[null, 2, 6], [3, 2, 3], {}],
  [[null, 2, 7], [3, 2, 3], { strides: [2], pads: [1, 1] }],
  [[2, 2, 6], [2, 2, 3], { dilations: [2], pads: [2, 2] }],
  [[null, 4, 5], [4, 2, 3], { group: 2, pads: [1, 1] }],
  [[1, 2, 6], [2, 2, 4], { pads: [1, 2] }],
  [[null, 2, 6], [2, 2, 4], { auto_pad: "SAME_UPPER" }],
  [[1, 2, 7], [2, 2, 4], { auto_pad: "SAME_LOWER", strides: [2] }],
  [[1, 2, 7], [2, 2, 3], { auto_pad: "VALID", strides: [2] }],
  [[1, 2, 5], [2, 2, 2], { pads: [3, 4] }],
  [[1, 2, 9], [2, 2, 2], { strides: [4], pads: [0, 1] }],
  [[null, 2, 5, 5], [3, 2, 3, 3], {}],
  [[null, 2, 6, 5], [3, 2, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }],
  [[1, 2, 5, 5], [2, 2, 1, 3], { strides: [2, 1], pads: [0, 2, 0, 2], dilations: [1, 2] }],
  [[null, 3, 4, 4], [3, 1, 3, 3], { group: 3, pads: [1, 1, 1, 1] }],
  [[null, 2, 4, 4], [4, 1, 2, 2], { group: 2 }],
  [[null, 3, 3, 3], [4, 3, 1, 1], {}],
  [[1, 1, 7, 6], [2, 1, 2, 2], { strides: [3, 3] }],
  [[1, 4, 5, 4], [6, 2, 2, 3], { group: 2, strides: [2, 1], pads: [1, 0, 0, 2] }],
  [[null, 1, 3, 4, 3], [2, 1, 2, 2, 2], { strides: [1, 2, 1], pads: [1, 0, 0, 1, 0, 0] }],
  [[1, 2, 3, 3, 3], [2, 1, 2, 2, 2], { group: 2 }],
];

const transposed: readonly Form[] = [
  [[null, 2, 4], [2, 3, 3], { strides: [2] }],
  [[null, 2, 4], [2, 2, 3], { strides: [2], pads: [1, 1], output_padding: [1] }],
  [[null, 2, 3, 3], [2, 3, 2, 2], { strides: [2, 2] }],
  [[1, 2, 3, 3], [2, 2, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] }],
  [[null, 4, 3, 3], [4, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }],
  [[1, 2, 3, 3], [2, 2, 2, 2], { dilations: [2, 2] }],
  [[1, 2, 3], [2, 2, 3], { strides: [2], output_shape: [6] }],
  [[1, 2, 3], [2, 2, 3], { strides: [2], output_shape: [6], auto_pad: "SAME_UPPER" }],
  [[1, 2, 3], [2, 2, 4], { strides: [3], auto_pad: "SAME_LOWER" }],
  [[1, 2, 3, 4], [2, 1, 3, 2], { strides: [2, 3], auto_pad: "SAME_UPPER" }],
  [[1, 2, 2, 2, 2], [2, 1, 2, 2, 2], { strides: [2, 1, 2] }],
  [[1, 1, 4], [1, 1, 2], { strides: [3] }],
];

/** Data, weights and bias as variables, then with constant weights, where other kernels are chosen. */
function forms(op: string, form: Form, channels: (weights: readonly number[]) => number, options: CaseOptions): GradientCase[] {
  const [x, weights, attributes] = form;
  const bias = channels(weights);
  return [
    gradientCase(op, [variable(x), variable(weights), variable([bias])], attributes, options),
    gradientCase(op, [variable(x), weight(weights)], attributes, options),
  ];
}

const activations: readonly (readonly [string, readonly number[]])[] = [
  ["Relu", []],
  ["Sigmoid", []],
  ["Tanh", []],
  ["LeakyRelu", [0.2]],
  ["HardSigmoid", [0.02, 0.5]],
  ["Clip", [-20, 20]],
];

export const convolution: readonly GradientCase[] = [
  ...convolutions.flatMap((form) => forms("Conv", form, (w) => w[0] ?? 0, single)),
  ...transposed.flatMap((form) => forms("ConvTranspose", form, (w) => (w[1] ?? 0) * (typeof form[2]["group"] === "number" ? form[2]["group"] : 1), single)),
  ...activations.map(([activation, params]) =>
    gradientCase(
      "com.microsoft:FusedConv",
      [variable([null, 2, 4, 4]), weight([2, 2, 3, 3], awayFrom([0], 0.3)), variable([2], [[0.5, 1]])],
      { activation, pads: [1, 1, 1, 1], ...(params.length === 0 ? {} : { activation_params: { kind: "floats", value: params } }) },
      { ...single, tolerance: activation === "Relu" || activation === "LeakyRelu" ? 0.1 : 0.01 },
    ),
  ),
];
