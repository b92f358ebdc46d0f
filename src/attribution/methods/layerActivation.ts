import type { Method } from "../method.js";
import { layerValues } from "../setup.js";
import { planPoint } from "./pointMethod.js";

/** y: the layer's values at the sample. */
export const layerActivation: Method = {
  name: "layerActivation",
  title: "Layer activation",
  family: "internal",
  question: "What values does the layer take for this sample?",
  paper: "https://captum.ai/api/layer.html#layer-activation",
  needs: { gradient: false, target: false, baseline: false, layer: true, neuron: false },
  complete: false,
  plan: (context) => planPoint(context, { kind: "activation", ...layerValues(context) }, { target: "none" }),
};
