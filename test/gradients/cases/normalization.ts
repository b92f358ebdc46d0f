import { float } from "../../../src/graph/builder.js";
import { anywhere, gradientCase, positive, variable, weight, type GradientCase } from "../gradientCase.js";

export const normalization: readonly GradientCase[] = [
  ...[[null, 3], [2, 3, 4], [2, 3, 2, 2], [2, 3, 2, 1, 2]].flatMap((dims) => [
    gradientCase("BatchNormalization", [variable(dims), weight([3]), weight([3]), weight([3]), weight([3], positive)], { epsilon: float(0.01) }),
    gradientCase("BatchNormalization", [variable(dims), variable([3]), variable([3]), variable([3], anywhere), variable([3], positive)]),
  ]),
];
