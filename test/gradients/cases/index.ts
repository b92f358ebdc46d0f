import type { GradientCase } from "../gradientCase.js";
import { activationCases } from "./activation.js";
import { elementwiseCases } from "./elementwise.js";
import { normalizationCases } from "./normalization.js";
import { reductionCasesOfAll } from "./reduction.js";
import { softmaxCases } from "./softmax.js";

/** All cases: every operator of the table with a rule has at least one. */
export const gradientCases: readonly GradientCase[] = [...elementwiseCases, ...activationCases, ...reductionCasesOfAll, ...softmaxCases, ...normalizationCases];
