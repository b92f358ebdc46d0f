import type { Method } from "../method.js";
import { exactShapley } from "../perturb/exactShapley.js";
import { playGames } from "../perturb/game.js";

/** The average contribution of a feature over all orders in which features can join, from all 2^n coalitions. */
export const shapleyValues: Method = {
  name: "shapleyValues",
  title: "Shapley values (exact)",
  family: "perturbation",
  question: "What is each feature's fair share of the change in score, over all combinations of present and absent features?",
  paper: "https://doi.org/10.1515/9781400881970-018",
  needs: { gradient: false, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  plan: (context) => playGames(context, true, exactShapley),
};
