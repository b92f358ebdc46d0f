import type { Method } from "../method.js";
import { requireLayer } from "../setup.js";
import { multiplies, planPath } from "./pathMethod.js";

/** (x − x′) · ∫ ∂F/∂y_j · ∂y_j/∂x dα: the part of each feature's credit that flows through unit j. */
export const neuronConductance: Method = {
  name: "neuronConductance",
  title: "Neuron conductance",
  family: "internal",
  question: "How much of each feature's contribution flowed through this unit?",
  paper: "https://arxiv.org/abs/1805.12233",
  needs: { gradient: true, target: true, baseline: true, layer: true, neuron: true },
  complete: false,
  plan: (context) => {
    const layer = requireLayer(context);
    return planPath(context, { quantity: { kind: "neuron", layer, times: multiplies(context) ? "difference" : "one" }, complete: false, units: true, unitLayer: layer });
  },
};
