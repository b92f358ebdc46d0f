import { zero, type RuleFamily } from "../rule.js";

/** Operators whose derivative is zero wherever it exists, or whose inputs are not differentiable: stated on purpose. */
export const zeroGradient: RuleFamily = Object.fromEntries(
  [
    "Floor", "Ceil", "Round", "Sign", "IsNaN", "IsInf",
    "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual",
    "And", "Or", "Xor", "Not", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot",
    "Shape", "Size", "ArgMax", "ArgMin", "Hardmax", "NonZero", "NonMaxSuppression",
    "Constant", "ConstantOfShape", "Range", "EyeLike",
    "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli",
    "HannWindow", "HammingWindow", "BlackmanWindow", "MelWeightMatrix",
  ].map((op) => [op, zero]),
);
