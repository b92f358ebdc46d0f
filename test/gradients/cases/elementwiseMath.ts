import { anywhere, awayFrom, gradientCase, positive, unaryCases, variable, type Domain, type GradientCase } from "../gradientCase.js";

const nonzero = awayFrom([0], 0.3);
const single = { dtype: "float32" } as const;
const inner: Domain = [[-0.8, 0.8]];

export const elementwiseMath: readonly GradientCase[] = [
  ...unaryCases("Abs", awayFrom([0])),
  ...unaryCases("Exp", anywhere),
  ...unaryCases("Log", positive),
  ...unaryCases("Sqrt", positive),
  ...unaryCases("Reciprocal", nonzero),
  ...unaryCases("Sin", anywhere),
  ...unaryCases("Cos", anywhere),
  // No double kernels in ONNX Runtime:
  ...unaryCases("Erf", anywhere, {}, single),
  ...unaryCases("Tan", [[-1, 1]], {}, single),
  ...unaryCases("Asin", inner, {}, single),
  ...unaryCases("Acos", inner, {}, single),
  ...unaryCases("Atan", anywhere, {}, single),
  ...unaryCases("Sinh", anywhere, {}, single),
  ...unaryCases("Cosh", anywhere, {}, single),
  ...unaryCases("Asinh", anywhere, {}, single),
  ...unaryCases("Acosh", [[1.4, 3]], {}, single),
  ...unaryCases("Atanh", inner, {}, single),
  gradientCase("Exp", [variable([2, 3])], {}, single),
];
