import type { Method } from "../method.js";
import { multiplies, planPath } from "./pathMethod.js";

/** Integrated gradients of a unit's value: how features moved it from its value at the baseline. */
export const neuronIntegratedGradients: Method = {
  name: "neuronIntegratedGradients",
  title: "Neuron integrated gradients",
  family: "internal",
  question: "How much did each feature contribute to the value of this unit?",
  paper: "https://arxiv.org/abs/1703.01365",
  needs: { gradient: true, target: false, baseline: true, layer: true, neuron: true },
  complete: true,
  plan: (context) =>
    planPath(context, {
      quantity: { kind: "inputs", times: multiplies(context) ? "difference" : "one", abs: false },
      complete: true,
      target: "layer",
      units: true,
    }),
};
