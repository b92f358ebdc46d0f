import type { Method } from "../method.js";
import { layerValues, requireLayer } from "../setup.js";
import { planExpected } from "./expectedGradients.js";
import { multiplies } from "./pathMethod.js";

/**
 * Expected gradients of a layer's units, along the straight line in the layer. `variant: captum` takes gradients along the input's path and multiplies them by
 * y(x) − y(x′), which does not add up where the layer is not linear in the input.
 */
export const layerGradientShap: Method = {
  name: "layerGradientShap",
  title: "Layer gradient SHAP",
  family: "internal",
  question: "How much did each unit contribute to the change in score, on average over many baselines, the layer taken as the input?",
  paper: "https://arxiv.org/abs/1906.10670",
  needs: { gradient: true, target: true, baseline: true, layer: true, neuron: false },
  complete: true,
  distribution: true,
  options: {
    samples: "how many random draws instead of the exact mean over all baselines",
    variant: "captum: gradients on the input's path times the layer's change",
    seed: "of the random numbers; 1",
  },
  plan: (context) => {
    if (context.request.options?.["variant"] === "captum") {
      const layer = requireLayer(context);
      return planExpected(context, {
        quantity: { kind: "layer", layer, times: "one" },
        complete: false,
        ...(multiplies(context) ? { layerChange: layer } : {}),
      });
    }
    return planExpected(context, {
      quantity: { kind: "layerPath", ...layerValues(context), times: multiplies(context) ? "difference" : "one" },
      complete: true,
    });
  },
};
