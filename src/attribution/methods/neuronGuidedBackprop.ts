import { guided } from "../../autodiff/guided.js";
import type { Method } from "../method.js";
import { planGuided } from "./guidedMethod.js";

/** ∂y_j/∂x, where at each ReLU only a positive signal passes, and only where the ReLU was active. */
export const neuronGuidedBackprop: Method = {
  name: "neuronGuidedBackprop",
  title: "Neuron guided backpropagation",
  family: "internal",
  question: "Which features feed the active units that speak for this unit?",
  paper: "https://arxiv.org/abs/1412.6806",
  needs: { gradient: true, target: false, baseline: false, layer: true, neuron: true },
  complete: false,
  plan: (context) => planGuided(context, guided, { target: "layer", units: true }),
};
