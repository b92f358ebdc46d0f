import type { Method } from "../method.js";
import { readCount, readSeed, readNumber } from "../options.js";
import { playGames } from "../perturb/game.js";
import { leastSquares } from "../perturb/leastSquares.js";
import { uniforms } from "../random.js";

/** Coefficients of a local linear model fitted to random present/absent patterns, near ones weighing more. */
export const lime: Method = {
  name: "lime",
  title: "LIME",
  family: "perturbation",
  question: "Which features matter in the linear model that best imitates this one around the sample?",
  paper: "https://arxiv.org/abs/1602.04938",
  needs: { gradient: false, target: true, baseline: true, layer: false, neuron: false },
  complete: false,
  random: true,
  plan: (context) => {
    const options = context.request.options ?? {};
    const width = readNumber(options, "kernelWidth", 0.75);
    const ridge = readNumber(options, "regularisation", 1);
    return playGames(context, false, function* (game) {
      const n = game.players;
      const random = uniforms(readSeed(options) + game.row);
      const masks = Array.from({ length: readCount(options, "samples", 10 * n + 200) }, () => Float64Array.from({ length: n }, () => (random() < 0.5 ? 1 : 0)));
      masks[0]?.fill(1);
      const scores = yield* game.scores(masks.map((mask) => (player: number) => mask[player] === 1));
      // Distance is the share of absent features; the intercept is an unpenalised mean taken out beforehand.
      const weights = masks.map((mask) => Math.exp(-((1 - mask.reduce((s, v) => s + v, 0) / n) ** 2) / width ** 2));
      const total = weights.reduce((s, v) => s + v, 0);
      const mean = (pick: (i: number) => number): number => masks.reduce((s, _, i) => s + weights[i]! * pick(i), 0) / total;
      const centre = Float64Array.from({ length: n }, (_, p) => mean((i) => masks[i]![p]!));
      const level = mean((i) => scores[i]!);
      const credit = leastSquares(
        masks.map((mask) => mask.map((v, p) => v - centre[p]!)),
        scores.map((s) => s - level),
        weights,
        ridge,
      );
      return { credit, evaluations: masks.length };
    });
  },
};
