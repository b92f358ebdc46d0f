import type { Method } from "../method.js";
import { relevanceOptions } from "../relevanceOptions.js";
import { planRelevance, relevanceRules } from "./relevanceMethod.js";

/** R(x): the score, divided layer by layer among what contributed to it. */
export const lrp: Method = {
  name: "lrp",
  title: "Layer-wise relevance propagation",
  family: "rule",
  question: "Which features does the score come from, when every layer hands it down to what contributed?",
  paper: "https://doi.org/10.1371/journal.pone.0130140",
  needs: { gradient: true, target: true, baseline: false, layer: false, neuron: false },
  complete: false,
  rules: relevanceRules,
  options: relevanceOptions,
  plan: (context) => planRelevance(context, { kind: "inputs", times: "one", abs: false }),
};
