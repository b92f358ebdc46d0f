import type { Method } from "../method.js";
import { planPoint } from "./pointMethod.js";

/** x · ∂F/∂x. */
export const inputXGradient: Method = {
  name: "inputXGradient",
  title: "Input × gradient",
  family: "gradient",
  question: "What would each feature contribute if the model were linear around this sample?",
  paper: "https://arxiv.org/abs/1605.01713",
  needs: { gradient: true, target: true, baseline: false, layer: false, neuron: false },
  complete: false,
  plan: (context) => planPoint(context, { kind: "inputs", times: "sample", abs: false }),
};
