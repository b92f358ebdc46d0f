import { float } from "../../../src/graph/builder.js";
import { anywhere, awayFrom, gradientCase, unaryCases, variable, weight, type GradientCase } from "../gradientCase.js";

const kinked = awayFrom([0]);

export const activation: readonly GradientCase[] = [
  ...unaryCases("Sigmoid", anywhere),
  ...unaryCases("Tanh", anywhere),
  ...unaryCases("Relu", kinked),
  ...unaryCases("LeakyRelu", kinked),
  gradientCase("LeakyRelu", [variable([2, 3], kinked)], { alpha: float(0.3) }),
  ...unaryCases("Elu", kinked),
  gradientCase("Elu", [variable([2, 3], kinked)], { alpha: float(0.7) }),
  ...unaryCases("Softplus", anywhere),
  gradientCase("PRelu", [variable([null, 3], kinked), variable([3])]),
  gradientCase("PRelu", [variable([2, 3, 4], kinked), variable([3, 1])]),
  gradientCase("PRelu", [variable([2, 3], kinked), weight([1])]),
  ...unaryCases("ThresholdedRelu", awayFrom([1])),
  // Its kernel for doubles computes in single precision.
  gradientCase("Shrink", [variable([null, 3], awayFrom([-0.5, 0.5]))], {}, { dtype: "float32" }),
  gradientCase("Shrink", [variable([2, 3], awayFrom([-0.4, 0.4]))], { lambd: float(0.4), bias: float(0.3) }, { dtype: "float32" }),
  gradientCase("ThresholdedRelu", [variable([2, 3], awayFrom([0.4]))], { alpha: float(0.4) }),
  ...unaryCases("Selu", kinked),
  gradientCase("Selu", [variable([2, 3], kinked)], { alpha: float(1.2), gamma: float(0.8) }),
  gradientCase("Celu", [variable([null, 3], kinked)], {}, { dtype: "float32" }),
  gradientCase("Celu", [variable([2, 3], kinked)], { alpha: float(0.6) }, { dtype: "float32" }),
  ...unaryCases("HardSigmoid", awayFrom([-2.5, 2.5], 0.15, 5)),
  gradientCase("HardSigmoid", [variable([2, 6], awayFrom([-0.4 / 0.3, 2], 0.15, 4))], { alpha: float(0.3), beta: float(0.4) }),
  // The runtime's 1/6 is single precision.
  ...unaryCases("HardSwish", awayFrom([-3, 3], 0.15, 5), {}, { tolerance: 1e-6 }),
  ...unaryCases("Softsign", kinked),
  ...unaryCases("Mish", [[-6, 6]]),
  gradientCase("Swish", [variable([null, 3])], {}, { opset: 24 }),
  gradientCase("Swish", [variable([2, 3])], { alpha: float(1.7) }, { opset: 24 }),
  gradientCase("com.microsoft:QuickGelu", [variable([null, 3])], {}, { dtype: "float32" }),
  gradientCase("com.microsoft:QuickGelu", [variable([2, 3])], { alpha: float(0.9) }, { dtype: "float32" }),
  gradientCase("Gelu", [variable([null, 3])], {}, { dtype: "float32", opset: 20 }),
  gradientCase("Gelu", [variable([2, 3])], { approximate: "tanh" }, { dtype: "float32", opset: 20 }),
  gradientCase("com.microsoft:Gelu", [variable([null, 3])], {}, { dtype: "float32" }),
  gradientCase("com.microsoft:BiasGelu", [variable([2, 4, 3]), variable([3])], {}, { dtype: "float32" }),
  gradientCase("com.microsoft:FastGelu", [variable([2, 4, 3]), variable([3])], {}, { dtype: "float32" }),
  gradientCase("com.microsoft:FastGelu", [variable([null, 3])], {}, { dtype: "float32" }),
];
