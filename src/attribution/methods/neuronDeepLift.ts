import type { Method } from "../method.js";
import { deepLiftOptions, multiplierRules, planDeepLift } from "./deepLiftMethod.js";

/** DeepLIFT of a unit's value. */
export const neuronDeepLift: Method = {
  name: "neuronDeepLift",
  title: "Neuron DeepLIFT",
  family: "internal",
  question: "How much did each feature contribute to the change of this unit, in one pass?",
  paper: "https://arxiv.org/abs/1704.02685",
  needs: { gradient: true, target: false, baseline: true, layer: true, neuron: true },
  complete: true,
  rules: multiplierRules,
  options: deepLiftOptions,
  plan: (context) => planDeepLift(context, "inputsOfUnit"),
};
