import type { Method } from "../method.js";
import { mapOptions, planMap } from "./mapMethod.js";

/** The same map as `gradCam`, by the name that layer methods have. */
export const layerGradCam: Method = {
  name: "layerGradCam",
  title: "Layer Grad-CAM",
  family: "internal",
  question: "At which places does the layer see what speaks for this score?",
  paper: "https://arxiv.org/abs/1610.02391",
  needs: { gradient: true, target: true, baseline: false, layer: true, neuron: false },
  complete: false,
  places: true,
  options: mapOptions,
  plan: planMap,
};
