import type { Method } from "../method.js";
import { planExpected } from "./expectedGradients.js";
import { multiplies } from "./pathMethod.js";

/** Expected gradients of a unit's value. */
export const neuronGradientShap: Method = {
  name: "neuronGradientShap",
  title: "Neuron gradient SHAP",
  family: "internal",
  question: "How much did each feature contribute to the value of this unit, on average over many baselines?",
  paper: "https://arxiv.org/abs/1906.10670",
  needs: { gradient: true, target: false, baseline: true, layer: true, neuron: true },
  complete: true,
  distribution: true,
  options: {
    samples: "how many random draws instead of the exact mean over all baselines",
    seed: "of the random numbers; 1",
  },
  plan: (context) =>
    planExpected(context, {
      quantity: { kind: "inputs", times: multiplies(context) ? "difference" : "one", abs: false },
      complete: true,
      target: "layer",
      units: true,
    }),
};
