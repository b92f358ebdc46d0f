import { averageBaselines } from "../averageBaselines.js";
import type { Method } from "../method.js";
import { deepLiftOptions, multiplierRules, planDeepLift } from "./deepLiftMethod.js";

/** DeepLIFT of a unit's value, averaged over all baseline rows. */
export const neuronDeepLiftShap: Method = {
  name: "neuronDeepLiftShap",
  title: "Neuron DeepLIFT SHAP",
  family: "internal",
  question: "How much did each feature contribute to the change of this unit, on average over many baselines?",
  paper: "https://arxiv.org/abs/1705.07874",
  needs: { gradient: true, target: false, baseline: true, layer: true, neuron: true },
  complete: true,
  rules: multiplierRules,
  options: deepLiftOptions,
  distribution: true,
  plan: (context) => averageBaselines(context, (one) => planDeepLift(one, "inputsOfUnit")),
};
