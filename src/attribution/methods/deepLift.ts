import type { Method } from "../method.js";
import { deepLiftOptions, multiplierRules, planDeepLift } from "./deepLiftMethod.js";

/** Multipliers of the rescale rule at every operator, times x − x′. */
export const deepLift: Method = {
  name: "deepLift",
  title: "DeepLIFT",
  family: "rule",
  question: "How much did each feature contribute to the change in score from the baseline, in one pass?",
  paper: "https://arxiv.org/abs/1704.02685",
  needs: { gradient: true, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  rules: multiplierRules,
  options: deepLiftOptions,
  plan: (context) => planDeepLift(context, "inputs"),
};
