import type { AttributeValue } from "../../../src/graph/builder.js";
import { gradientCase, node, variable, type GradientCase } from "../gradientCase.js";

const floats = (values: readonly number[]): AttributeValue => ({ kind: "floats", value: values.map(Math.fround) });
const ints = (value: readonly number[]): AttributeValue => ({ kind: "ints", value });

/** Five vectors of three features. */
const vectors = floats([0.4, -0.9, 1.1, -0.6, 0.2, 0.7, 1.3, 0.5, -0.8, -1.2, 0.9, 0.3, 0.1, -0.4, -1]);
const kernelParams = floats([0.4, 0.3, 3]);
const kernels = ["LINEAR", "POLY", "RBF", "SIGMOID"];

const common = (kernel_type: string) => ({ kernel_type, kernel_params: kernelParams, support_vectors: vectors });
const twoClasses = { coefficients: floats([0.7, 0.4, -0.5, -0.3, -0.3]), vectors_per_class: ints([2, 3]), classlabels_ints: ints([0, 1]), rho: floats([0.2]) };
const threeClasses = {
  coefficients: floats([0.7, 0.4, -0.5, -0.3, -0.3, 0.6, -0.8, 0.9, 0.2, -0.7]),
  vectors_per_class: ints([2, 2, 1]),
  classlabels_ints: ints([0, 1, 2]),
  rho: floats([0.2, -0.1, 0.4]),
};
const options = (form: string) => ({ dtype: "float32", outputs: 2, form }) as const;

const [slope, shift] = [-1.3, 0.1];

/** Support vector machines; their kernels give single precision. */
export const supportVectors: readonly GradientCase[] = [
  ...kernels.flatMap((kernel) => [
    gradientCase(
      "ai.onnx.ml:SVMRegressor",
      [variable([null, 3])],
      { ...common(kernel), coefficients: floats([0.7, 0.4, -0.5, -0.3, -0.3]), n_supports: 5, rho: floats([0.1]) },
      { dtype: "float32", form: kernel },
    ),
    gradientCase("ai.onnx.ml:SVMClassifier", [variable([null, 3])], { ...common(kernel), ...twoClasses }, options(`${kernel} two classes`)),
    gradientCase("ai.onnx.ml:SVMClassifier", [variable([2, 3])], { ...common(kernel), ...threeClasses }, options(`${kernel} three classes`)),
  ]),
  gradientCase(
    "ai.onnx.ml:SVMRegressor",
    [variable([2, 3])],
    { kernel_type: "LINEAR", kernel_params: kernelParams, coefficients: floats([0.7, 0.4, -0.5]), rho: floats([0.1]) },
    { dtype: "float32", form: "without vectors" },
  ),
  ...["LOGISTIC", "SOFTMAX"].map((post_transform) =>
    gradientCase("ai.onnx.ml:SVMClassifier", [variable([2, 3])], { ...common("RBF"), ...threeClasses, post_transform }, options(post_transform)),
  ),
  gradientCase(
    "ai.onnx.ml:SVMClassifier",
    [variable([2, 3])],
    { ...common("RBF"), ...twoClasses, post_transform: "LOGISTIC" },
    options("LOGISTIC two classes"),
  ),
  ...["NONE", "LOGISTIC", "SOFTMAX"].map((post_transform) =>
    gradientCase(
      "ai.onnx.ml:SVMClassifier",
      [variable([null, 3])],
      {
        kernel_type: "LINEAR",
        kernel_params: kernelParams,
        coefficients: floats([0.7, 0.4, -0.5, 0.3, -0.3, 0.6]),
        classlabels_ints: ints([0, 1]),
        rho: floats([0.5]),
        post_transform,
      },
      options(`${post_transform} without vectors`),
    ),
  ),
  // Platt's probabilities are refined by an iteration that stops within 0.3 % of them: they are σ(∓(a·s + b)), of which −s and s are the scores.
  gradientCase(
    "ai.onnx.ml:SVMClassifier",
    [variable([null, 3])],
    { ...common("RBF"), ...twoClasses, prob_a: floats([slope]), prob_b: floats([shift]) },
    {
      ...options("probabilities"),
      tolerance: 0.01,
      surrogate: [
        node("ai.onnx.ml:SVMClassifier", ["x0"], ["y0", "scores"], { ...common("RBF"), ...twoClasses }),
        node("ai.onnx.ml:Scaler", ["scores"], ["scaled"], { offset: floats([shift / slope, -shift / slope]), scale: floats([slope, slope]) }),
        node("Sigmoid", ["scaled"], ["y1"]),
      ],
    },
  ),
];
