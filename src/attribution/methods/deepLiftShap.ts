import { averageBaselines } from "../averageBaselines.js";
import type { Method } from "../method.js";
import { deepLiftOptions, multiplierRules, planDeepLift } from "./deepLiftMethod.js";

/** DeepLIFT averaged over all baseline rows. */
export const deepLiftShap: Method = {
  name: "deepLiftShap",
  title: "DeepLIFT SHAP",
  family: "rule",
  question: "How much did each feature contribute to the change in score, on average over many baselines?",
  paper: "https://arxiv.org/abs/1705.07874",
  needs: { gradient: true, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  rules: multiplierRules,
  options: deepLiftOptions,
  distribution: true,
  plan: (context) => averageBaselines(context, (one) => planDeepLift(one, "inputs")),
};
