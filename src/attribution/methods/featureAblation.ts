import type { Method } from "../method.js";
import { playGames } from "../perturb/game.js";

/** F(x) − F(x with the feature, or group of features, at its baseline), written to every element of the group. */
export const featureAblation: Method = {
  name: "featureAblation",
  title: "Feature ablation",
  family: "perturbation",
  question: "How much does the score fall when this feature alone is replaced by its baseline?",
  paper: "https://arxiv.org/abs/1311.2901",
  needs: { gradient: false, target: true, baseline: true, layer: false, neuron: false },
  complete: false,
  plan: (context) =>
    playGames(context, false, function* (game) {
      const scores = yield* game.scores([() => true, ...Array.from({ length: game.players }, (_, out) => (player: number) => player !== out)]);
      return { credit: scores.slice(1).map((s) => scores[0]! - s), evaluations: scores.length };
    }),
};
