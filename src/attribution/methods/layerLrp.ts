import type { Method } from "../method.js";
import { layerValues } from "../setup.js";
import { relevanceOptions } from "../relevanceOptions.js";
import { planRelevance, relevanceRules } from "./relevanceMethod.js";

/** R(y): what reaches the units of a layer of the score that is divided up. */
export const layerLrp: Method = {
  name: "layerLrp",
  title: "Layer relevance (LRP)",
  family: "internal",
  question: "Which units does the score come from, when every layer hands it down to what contributed?",
  paper: "https://doi.org/10.1371/journal.pone.0130140",
  needs: { gradient: true, target: true, baseline: false, layer: true, neuron: false },
  complete: false,
  rules: relevanceRules,
  options: relevanceOptions,
  plan: (context) => planRelevance(context, { kind: "layer", ...layerValues(context), times: "one" }),
};
