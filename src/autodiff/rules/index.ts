import { assert } from "../../base/assert.js";
import type { OpState, RuleFamily } from "../rule.js";
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
import { withoutDerivative } from "./withoutDerivative.js";
import { zeroGradient } from "./zero.js";

/** The state of every operator, by `op` for ai.onnx and `domain:op` otherwise; an operator is in one family only. One that is missing here and is not laid out has no rule yet. */
export const opStates: Readonly<Record<string, OpState>> = merge([
  elementwise,
  elementwiseMath,
  selection,
  activation,
  reduction,
  softmax,
  normalization,
  linear,
  movement,
  indexing,
  convolution,
  pooling,
  resize,
  signal,
  quantized,
  machineLearning,
  supportVectors,
  zeroGradient,
  withoutDerivative,
]);

function merge(families: readonly RuleFamily[]): Record<string, OpState> {
  const table: Record<string, OpState> = {};
  for (const family of families) {
    for (const [op, state] of Object.entries(family)) {
      assert(!(op in table), () => `the operator ${op} is in two families of rules`);
      table[op] = state;
    }
  }
  return table;
}
