import type { AttributeValue } from "../../../src/graph/builder.js";
import type { Dim } from "../../../src/graph/ir.js";
import { anywhere, constant, distinct, gradientCase, ints, positive, variable, type CaseOptions, type GradientCase } from "../gradientCase.js";

type Form = readonly [x: readonly Dim[], attributes: Readonly<Record<string, AttributeValue>>];

const windows: readonly Form[] = [
  [[null, 2, 6], { kernel_shape: [2], strides: [2] }],
  [[2, 2, 6], { kernel_shape: [3], pads: [1, 1] }],
  [[null, 2, 4, 4], { kernel_shape: [2, 2], strides: [2, 2] }],
  [[1, 2, 6, 6], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }],
  [[null, 1, 5, 5], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  [[1, 1, 6, 6], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 }],
  [[1, 2, 5, 4], { kernel_shape: [2, 3], strides: [1, 2], pads: [0, 1, 1, 2] }],
  [[1, 1, 5, 6], { kernel_shape: [2, 3], strides: [2, 2], auto_pad: "SAME_UPPER" }],
  [[1, 1, 6], { kernel_shape: [3], strides: [2], auto_pad: "SAME_LOWER" }],
  [[1, 1, 6], { kernel_shape: [3], strides: [2], auto_pad: "VALID" }],
  [[null, 1, 4, 4, 4], { kernel_shape: [2, 2, 2], strides: [2, 2, 2] }],
  [[1, 1, 3, 3, 3], { kernel_shape: [2, 2, 2], strides: [2, 2, 2], ceil_mode: 1 }],
  [[1, 1, 9], { kernel_shape: [2], strides: [4] }],
];
const dilated: readonly Form[] = [
  [[null, 1, 5, 5], { kernel_shape: [2, 2], dilations: [2, 2] }],
  [[1, 1, 7], { kernel_shape: [3], dilations: [2], strides: [2], pads: [1, 1] }],
];

const average: CaseOptions = { dtype: "float32" };

export const pooling: readonly GradientCase[] = [
  ...[...windows, ...dilated].map(([x, attributes]) => gradientCase("MaxPool", [variable(x, distinct)], attributes)),
  gradientCase("MaxPool", [variable([null, 1, 4, 4], distinct)], { kernel_shape: [2, 2] }, { outputs: 2, seeded: [0] }),
  gradientCase("MaxPool", [variable([1, 1, 4, 4], distinct)], { kernel_shape: [2, 2], storage_order: 1 }, { outputs: 2, seeded: [0] }),
  gradientCase("MaxPool", [variable([null, 2, 6], distinct)], { kernel_shape: [3] }, { dtype: "float32" }),
  ...windows.flatMap(([x, attributes]) =>
    [0, 1].map((count_include_pad) => gradientCase("AveragePool", [variable(x)], { ...attributes, count_include_pad }, average)),
  ),
  ...[...windows, ...dilated].flatMap(([x, attributes]) =>
    [0, 1].map((count_include_pad) =>
      gradientCase(
        "AveragePool",
        [variable(x)],
        { ...attributes, count_include_pad },
        { ...average, opset: 19, form: `[${x.map((d) => d ?? "n").join()}] ${JSON.stringify(attributes)} ${count_include_pad} opset 19` },
      ),
    ),
  ),
  ...windows.flatMap(([x, attributes]) =>
    [1, 2, 3].map((p) => gradientCase("LpPool", [variable(x, p === 2 ? anywhere : positive)], { ...attributes, p }, { dtype: "float32" })),
  ),
  ...dilated.map(([x, attributes]) => gradientCase("LpPool", [variable(x)], attributes, { dtype: "float32" })),
  ...["GlobalAveragePool", "GlobalMaxPool"].flatMap((op) => [
    gradientCase(op, [variable([null, 2, 3, 3], distinct)], {}, { dtype: "float32" }),
    gradientCase(op, [variable([2, 3, 4], distinct)], {}, { dtype: "float32" }),
  ]),
  ...[1, 2, 3].map((p) => gradientCase("GlobalLpPool", [variable([null, 2, 3, 2], positive)], { p }, { dtype: "float32" })),
  gradientCase(
    "MaxUnpool",
    [variable([1, 1, 2, 2]), constant("int64", [1, 1, 2, 2], [1, 7, 8, 14])],
    { kernel_shape: [2, 2], strides: [2, 2] },
    { dtype: "float32" },
  ),
  gradientCase(
    "MaxUnpool",
    [variable([1, 1, 2, 2]), constant("int64", [1, 1, 2, 2], [1, 7, 8, 14]), ints([1, 1, 5, 5])],
    { kernel_shape: [2, 2], strides: [2, 2] },
    { dtype: "float32" },
  ),
];
