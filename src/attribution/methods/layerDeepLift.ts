import { eachLayerValue } from "../eachLayerValue.js";
import type { Method } from "../method.js";
import { deepLiftOptions, multiplierRules, planDeepLift } from "./deepLiftMethod.js";

/** Multipliers of a layer's units, times y − y′. */
export const layerDeepLift: Method = {
  name: "layerDeepLift",
  title: "Layer DeepLIFT",
  family: "internal",
  question: "How much of the change in score came through each unit of this layer, in one pass?",
  paper: "https://arxiv.org/abs/1704.02685",
  needs: { gradient: true, target: true, baseline: true, layer: true, neuron: false },
  complete: true,
  rules: multiplierRules,
  options: deepLiftOptions,
  plan: (context) => eachLayerValue(context, (one) => planDeepLift(one, "layer")),
};
