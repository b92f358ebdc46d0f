import type { Method } from "../method.js";
import { layerValues } from "../setup.js";
import { multiplies, planPath } from "./pathMethod.js";

/** Integrated gradients along the straight line from y(x′) to y(x) in the layer; what does not pass through it stays at the sample. */
export const layerIntegratedGradients: Method = {
  name: "layerIntegratedGradients",
  title: "Layer integrated gradients",
  family: "internal",
  question: "How much did each unit contribute to the change in score as the layer alone moved from its baseline to its value?",
  paper: "https://arxiv.org/abs/1703.01365",
  needs: { gradient: true, target: true, baseline: true, layer: true, neuron: false },
  complete: true,
  plan: (context) =>
    planPath(context, { quantity: { kind: "layerPath", ...layerValues(context), times: multiplies(context) ? "difference" : "one" }, complete: true }),
};
