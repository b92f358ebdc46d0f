import type { AttributeValue } from "../../../src/graph/builder.js";
import { awayFrom, gradientCase, positive, variable, type GradientCase } from "../gradientCase.js";

const single = { dtype: "float32" } as const;
const floats = (values: readonly number[]): AttributeValue => ({ kind: "floats", value: values.map(Math.fround) });
const labels = (values: readonly number[]): AttributeValue => ({ kind: "ints", value: values });
const six = floats([0.5, -0.3, 0.8, -0.2, 0.9, 0.4]);

/** The float part of ai.onnx.ml; its kernels give single precision. */
export const machineLearning: readonly GradientCase[] = [
  gradientCase("ai.onnx.ml:Scaler", [variable([null, 3])], { offset: floats([1, 0, -1]), scale: floats([0.5, 2, -1]) }, single),
  gradientCase("ai.onnx.ml:Scaler", [variable([2, 3])], { offset: floats([0.3]), scale: floats([2]) }, { ...single, form: "one scale" }),
  ...["L1", "L2"].map((norm) => gradientCase("ai.onnx.ml:Normalizer", [variable([null, 3], awayFrom([0], 0.4))], { norm }, single)),
  gradientCase("ai.onnx.ml:Normalizer", [variable([2, 3], positive)], { norm: "MAX" }, single),
  gradientCase(
    "ai.onnx.ml:Imputer",
    [variable([null, 3])],
    { imputed_value_floats: floats([1, 2, 3]), replaced_value_float: { kind: "float", value: 7 } },
    { ...single, form: "nothing missing" },
  ),
  gradientCase("ai.onnx.ml:FeatureVectorizer", [variable([null, 2]), variable([null, 3])], { inputdimensions: labels([2, 3]) }, single),
  ...["NONE", "LOGISTIC", "SOFTMAX"].flatMap((post_transform) => [
    gradientCase(
      "ai.onnx.ml:LinearRegressor",
      [variable([null, 3])],
      { coefficients: six, intercepts: floats([0.1, -0.2]), targets: 2, post_transform },
      { ...single, form: post_transform },
    ),
    gradientCase(
      "ai.onnx.ml:LinearClassifier",
      [variable([null, 3])],
      { coefficients: six, intercepts: floats([0.1, -0.2]), classlabels_ints: labels([0, 1]), post_transform },
      { ...single, outputs: 2, form: `${post_transform} two rows` },
    ),
    gradientCase(
      "ai.onnx.ml:LinearClassifier",
      [variable([2, 2])],
      { coefficients: six, intercepts: floats([0.1, -0.2, 0.3]), classlabels_ints: labels([0, 1, 2]), post_transform },
      { ...single, outputs: 2, form: `${post_transform} three rows` },
    ),
    ...(post_transform === "SOFTMAX"
      ? []
      : [
          gradientCase(
            "ai.onnx.ml:LinearClassifier",
            [variable([2, 3])],
            { coefficients: floats([0.5, -0.3, 0.8]), intercepts: floats([0.1]), classlabels_ints: labels([0, 1]), post_transform },
            { ...single, outputs: 2, form: `${post_transform} one row` },
          ),
        ]),
  ]),
];
