import { gradientCase, variable, type GradientCase } from "../gradientCase.js";

export const softmax: readonly GradientCase[] = ["Softmax", "LogSoftmax"].flatMap((op) => [
  gradientCase(op, [variable([null, 3])]),
  gradientCase(op, [variable([3])]),
  gradientCase(op, [variable([2, 0, 3])]),
  ...[0, 1, 2, -1, -2, -3].map((axis) => gradientCase(op, [variable([2, 3, 4])], { axis })),
  gradientCase(op, [variable([2, 1, 3, 1, 2])], { axis: 2 }),
]);
