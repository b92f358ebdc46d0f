import { deconvolving } from "../../autodiff/guided.js";
import type { Method } from "../method.js";
import { planGuided } from "./guidedMethod.js";

/** ∂F/∂x, where at each ReLU only a positive signal passes, whether the ReLU was active or not. */
export const deconvolution: Method = {
  name: "deconvolution",
  title: "Deconvolution",
  family: "rule",
  question: "Which pattern of features would the units that speak for this score like to see?",
  paper: "https://arxiv.org/abs/1311.2901",
  needs: { gradient: true, target: true, baseline: false, layer: false, neuron: false },
  complete: false,
  plan: (context) => planGuided(context, deconvolving),
};
