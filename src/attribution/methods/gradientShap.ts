import type { Method } from "../method.js";
import { planExpected } from "./expectedGradients.js";
import { multiplies } from "./pathMethod.js";

/** E[∂F/∂x(z(α)) · (x − x′)], α uniform, x′ from the baselines: exact unless `samples` asks for random draws. */
export const gradientShap: Method = {
  name: "gradientShap",
  title: "Gradient SHAP (expected gradients)",
  family: "gradient",
  question: "How much did each feature contribute to the change in score from the average over many baselines?",
  paper: "https://arxiv.org/abs/1906.10670",
  needs: { gradient: true, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  distribution: true,
  options: {
    samples: "how many random draws instead of the exact mean over all baselines",
    seed: "of the random numbers; 1",
  },
  plan: (context) => planExpected(context, { quantity: { kind: "inputs", times: multiplies(context) ? "difference" : "one", abs: false }, complete: true }),
};
