import { deconvolving } from "../../autodiff/guided.js";
import type { Method } from "../method.js";
import { planGuided } from "./guidedMethod.js";

/** ∂y_j/∂x, where at each ReLU only a positive signal passes, whether the ReLU was active or not. */
export const neuronDeconvolution: Method = {
  name: "neuronDeconvolution",
  title: "Neuron deconvolution",
  family: "internal",
  question: "Which pattern of features would this unit like to see?",
  paper: "https://arxiv.org/abs/1311.2901",
  needs: { gradient: true, target: false, baseline: false, layer: true, neuron: true },
  complete: false,
  plan: (context) => planGuided(context, deconvolving, { target: "layer", units: true }),
};
