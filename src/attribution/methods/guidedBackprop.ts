import { guided } from "../../autodiff/guided.js";
import type { Method } from "../method.js";
import { planGuided } from "./guidedMethod.js";

/** ∂F/∂x, where at each ReLU only a positive signal passes, and only where the ReLU was active. */
export const guidedBackprop: Method = {
  name: "guidedBackprop",
  title: "Guided backpropagation",
  family: "rule",
  question: "Which features feed the active units that speak for this score?",
  paper: "https://arxiv.org/abs/1412.6806",
  needs: { gradient: true, target: true, baseline: false, layer: false, neuron: false },
  complete: false,
  plan: (context) => planGuided(context, guided),
};
