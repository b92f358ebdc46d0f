import type { Method } from "../method.js";
import { mapOptions, planMap } from "./mapMethod.js";

/** Σ_channels y · (mean over positions of ∂F/∂y): where in a convolution's output the score comes from. */
export const gradCam: Method = {
  name: "gradCam",
  title: "Grad-CAM",
  family: "rule",
  question: "At which places of the image does the layer see what speaks for this score?",
  paper: "https://arxiv.org/abs/1610.02391",
  needs: { gradient: true, target: true, baseline: false, layer: true, neuron: false },
  complete: false,
  places: true,
  options: mapOptions,
  plan: planMap,
};
