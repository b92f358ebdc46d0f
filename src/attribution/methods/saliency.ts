import type { Method } from "../method.js";
import { planPoint } from "./pointMethod.js";

/** |∂F/∂x|; signed with `abs: false`. */
export const saliency: Method = {
  name: "saliency",
  title: "Saliency",
  family: "gradient",
  question: "To which features is the score most sensitive, right at this sample?",
  paper: "https://arxiv.org/abs/1312.6034",
  needs: { gradient: true, target: true, baseline: false, layer: false, neuron: false },
  complete: false,
  plan: (context) => planPoint(context, { kind: "inputs", times: "one", abs: context.request.options?.["abs"] !== false }),
};
