import type { Method } from "../method.js";
import { multiplies } from "./pathMethod.js";
import { layerValues } from "../setup.js";
import { planPoint } from "./pointMethod.js";

/** y · ∂F/∂y. */
export const layerGradientXActivation: Method = {
  name: "layerGradientXActivation",
  title: "Layer gradient × activation",
  family: "internal",
  question: "What would each unit contribute if everything above it were linear around this sample?",
  paper: "https://captum.ai/api/layer.html#gradient-x-activation",
  needs: { gradient: true, target: true, baseline: false, layer: true, neuron: false },
  complete: false,
  plan: (context) => planPoint(context, { kind: "layer", ...layerValues(context), times: multiplies(context) ? "activation" : "one" }),
};
