import { averageBaselines } from "../averageBaselines.js";
import { eachLayerValue } from "../eachLayerValue.js";
import type { Method } from "../method.js";
import { deepLiftOptions, multiplierRules, planDeepLift } from "./deepLiftMethod.js";

/** Layer DeepLIFT averaged over all baseline rows. */
export const layerDeepLiftShap: Method = {
  name: "layerDeepLiftShap",
  title: "Layer DeepLIFT SHAP",
  family: "internal",
  question: "How much of the change in score came through each unit of this layer, on average over many baselines?",
  paper: "https://arxiv.org/abs/1705.07874",
  needs: { gradient: true, target: true, baseline: true, layer: true, neuron: false },
  complete: true,
  rules: multiplierRules,
  options: deepLiftOptions,
  distribution: true,
  plan: (context) => averageBaselines(context, (one) => eachLayerValue(one, (own) => planDeepLift(own, "layer"))),
};
