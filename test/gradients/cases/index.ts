import type { GradientCase } from "../gradientCase.js";
import { activation } from "./activation.js";
import { convolution } from "./convolution.js";
import { elementwise } from "./elementwise.js";
import { elementwiseMath } from "./elementwiseMath.js";
import { indexing } from "./indexing.js";
import { linear } from "./linear.js";
import { machineLearning } from "./machineLearning.js";
import { movement } from "./movement.js";
import { normalization } from "./normalization.js";
import { pooling } from "./pooling.js";
import { quantized } from "./quantized.js";
import { reduction } from "./reduction.js";
import { selection } from "./selection.js";
import { resize } from "./resize.js";
import { signal } from "./signal.js";
import { supportVectors } from "./supportVectors.js";
import { softmax } from "./softmax.js";

/** All cases: every operator of the table with a rule has at least one. */
export const gradientCases: readonly GradientCase[] = [
  ...elementwise,
  ...elementwiseMath,
  ...selection,
  ...activation,
  ...reduction,
  ...softmax,
  ...normalization,
  ...linear,
  ...movement,
  ...indexing,
  ...convolution,
  ...pooling,
  ...resize,
  ...signal,
  ...quantized,
  ...machineLearning,
  ...supportVectors,
];
