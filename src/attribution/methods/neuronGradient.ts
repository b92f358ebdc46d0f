import type { Method } from "../method.js";
import { planPoint } from "./pointMethod.js";

/** ∂y_j/∂x. */
export const neuronGradient: Method = {
  name: "neuronGradient",
  title: "Neuron gradient",
  family: "internal",
  question: "To which features is this unit most sensitive at this sample?",
  paper: "https://arxiv.org/abs/1312.6034",
  needs: { gradient: true, target: false, baseline: false, layer: true, neuron: true },
  complete: false,
  plan: (context) => planPoint(context, { kind: "inputs", times: "one", abs: false }, { target: "layer", units: true }),
};
