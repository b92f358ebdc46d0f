import type { Method } from "../method.js";
import { planTreeShap } from "../trees/planTreeShap.js";
import { isTreeEnsemble } from "../trees/readEnsemble.js";

/** Exact Shapley values of a tree ensemble, from its trees instead of from coalitions: against background rows, or by the training rows that its nodes saw. */
export const treeShap: Method = {
  name: "treeShap",
  title: "Tree SHAP",
  family: "perturbation",
  question: "What is each feature's fair share of the change in a tree ensemble's margin?",
  paper: "https://doi.org/10.1038/s42256-019-0138-9",
  needs: { gradient: false, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  distribution: true,
  explains: { node: isTreeEnsemble, named: "tree ensemble" },
  plan: planTreeShap,
};
