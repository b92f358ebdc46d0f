import type { Method } from "../method.js";
import { readCount, readSeed } from "../options.js";
import { playGames } from "../perturb/game.js";
import { shuffled, uniforms } from "../random.js";

/** Marginal contributions along random orders and their reverses (antithetic pairs), with the half-width of a 95 % confidence interval for each feature. */
export const shapleyValueSampling: Method = {
  name: "shapleyValueSampling",
  title: "Shapley values (sampled)",
  family: "perturbation",
  question: "What is each feature's fair share of the change in score, estimated from random orders?",
  paper: "https://doi.org/10.1016/j.cor.2008.04.004",
  needs: { gradient: false, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  random: true,
  plan: (context) => {
    const options = context.request.options ?? {};
    const samples = readCount(options, "samples", 25);
    return playGames(context, true, function* (game) {
      const n = game.players;
      const random = uniforms(readSeed(options) + game.row);
      const sum = new Float64Array(n);
      const squares = new Float64Array(n);
      const pairs = Math.ceil(samples / 2);
      for (let pair = 0; pair < pairs; pair++) {
        const order = shuffled(n, random);
        const rank = new Int32Array(n);
        order.forEach((player, place) => {
          rank[player] = place;
        });
        // One chain forwards, one backwards: coalitions of the first k players of the order, then of the last k.
        const forwards = Array.from({ length: n + 1 }, (_, k) => (player: number) => rank[player]! < k);
        const backwards = Array.from({ length: n + 1 }, (_, k) => (player: number) => rank[player]! >= n - k);
        const scores = yield* game.scores([...forwards, ...backwards]);
        order.forEach((player, place) => {
          const ahead = scores[place + 1]! - scores[place]!;
          const behind = scores[n + 1 + (n - place)]! - scores[n + 1 + (n - place - 1)]!;
          const mean = (ahead + behind) / 2;
          sum[player] = sum[player]! + mean;
          squares[player] = squares[player]! + mean * mean;
        });
      }
      const credit = sum.map((s) => s / pairs);
      const error = credit.map((m, p) => (pairs < 2 ? Math.abs(m) : 1.96 * Math.sqrt(Math.max(0, squares[p]! / pairs - m * m) / (pairs - 1))));
      return { credit, error, evaluations: pairs * 2 * (n + 1) };
    });
  },
};
