import type { Method } from "../method.js";
import { layerValues, requireLayer } from "../setup.js";
import { captumConductance } from "./captumConductance.js";
import { planPath } from "./pathMethod.js";

/** ∫ ∂F/∂y · dy/dα dα with dy/dα by forward mode and the rule's true weights; `variant: captum` takes differences of activations instead. */
export const layerConductance: Method = {
  name: "layerConductance",
  title: "Layer conductance",
  family: "internal",
  question: "How much of the change in score flowed through each unit of this layer?",
  paper: "https://arxiv.org/abs/1805.12233",
  needs: { gradient: true, target: true, baseline: true, layer: true, neuron: false },
  complete: true,
  plan: (context) => {
    if (context.request.options?.["variant"] === "captum") return captumConductance(context, requireLayer(context));
    // Complete only where the layer carries all of the change, which its definition does not promise: the delta is reported, not asked for.
    return planPath(context, { quantity: { kind: "layer", ...layerValues(context), times: "velocity" }, complete: false });
  },
};
