import type { Method } from "../method.js";
import { layerValues } from "../setup.js";
import { planPath } from "./pathMethod.js";

/** Σ_k w_k ∂F/∂y(z(α_k)): an average gradient along the input's path, without completeness. */
export const internalInfluence: Method = {
  name: "internalInfluence",
  title: "Internal influence",
  family: "internal",
  question: "How strongly does each unit drive the score on average between baseline and sample?",
  paper: "https://arxiv.org/abs/1802.03788",
  needs: { gradient: true, target: true, baseline: true, layer: true, neuron: false },
  complete: false,
  plan: (context) => planPath(context, { quantity: { kind: "layer", ...layerValues(context), times: "one" }, complete: false }),
};
