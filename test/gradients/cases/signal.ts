import { absent, constant, gradientCase, variable, type GradientCase } from "../gradientCase.js";

const at = (axis: number) => constant("int64", [], [axis]);
const length = (n: number) => constant("int64", [], [n]);
/** ONNX Runtime computes transforms whose length is no power of two with about single precision, whatever the type. */
const opset = { opset: 20, dtype: "float32" } as const;
const hann = constant("float", [4], [0.1, 0.9, 0.8, 0.2]);

export const signal: readonly GradientCase[] = [
  ...[0, 1].flatMap((inverse) => [
    gradientCase("DFT", [variable([null, 5, 2])], { inverse }, opset),
    gradientCase("DFT", [variable([2, 8, 1])], { inverse }, opset),
    gradientCase("DFT", [variable([2, 3, 4, 2]), absent, at(1)], { inverse }, opset),
    gradientCase("DFT", [variable([null, 5, 2]), length(7), at(-2)], { inverse }, opset),
    gradientCase("DFT", [variable([1, 6, 1]), length(4), at(1)], { inverse }, opset),
  ]),
  ...[6, 7].map((n) => gradientCase("DFT", [variable([null, n, 1])], { onesided: 1 }, opset)),
  gradientCase("DFT", [variable([2, 6, 3, 1]), length(8), at(1)], { onesided: 1 }, opset),
  ...[0, 1].flatMap((onesided) => [
    gradientCase("STFT", [variable([null, 10, 1]), length(2), hann, length(4)], { onesided }, opset),
    gradientCase("STFT", [variable([2, 11, 1]), length(3), absent, length(4)], { onesided }, opset),
  ]),
  gradientCase("STFT", [variable([1, 9, 2]), length(2), absent, length(4)], { onesided: 0 }, opset),
  gradientCase("STFT", [variable([1, 400, 1]), length(5), constant("float", [8], [0, 0.2, 0.6, 1, 1, 0.6, 0.2, 0.1])], { onesided: 1 }, opset),
];
