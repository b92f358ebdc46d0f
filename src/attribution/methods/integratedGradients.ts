import type { Method } from "../method.js";
import { multiplies, planPath } from "./pathMethod.js";

/** Σ_k w_k ∂F/∂x(x′ + α_k (x − x′)) · (x − x′). */
export const integratedGradients: Method = {
  name: "integratedGradients",
  title: "Integrated gradients",
  family: "gradient",
  question: "How much did each feature contribute to the change in score from the baseline to the sample?",
  paper: "https://arxiv.org/abs/1703.01365",
  needs: { gradient: true, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  plan: (context) => planPath(context, { quantity: { kind: "inputs", times: multiplies(context) ? "difference" : "one", abs: false }, complete: true }),
};
