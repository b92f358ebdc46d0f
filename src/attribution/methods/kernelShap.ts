import type { Method } from "../method.js";
import { readCount, readSeed, readNumber } from "../options.js";
import { exactShapley, mostExactPlayers } from "../perturb/exactShapley.js";
import type { Game, Verdict } from "../perturb/game.js";
import { playGames } from "../perturb/game.js";
import { leastSquares } from "../perturb/leastSquares.js";
import { shuffled, uniforms } from "../random.js";
import type { Steps } from "../evaluate.js";

/** Shapley values by weighted least squares over sampled coalitions, drawn in complementary pairs; exact when the samples suffice for all coalitions. */
export const kernelShap: Method = {
  name: "kernelShap",
  title: "Kernel SHAP",
  family: "perturbation",
  question: "What is each feature's fair share of the change in score, estimated from a fixed number of evaluations?",
  paper: "https://arxiv.org/abs/1705.07874",
  needs: { gradient: false, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  random: true,
  plan: (context) => {
    const options = context.request.options ?? {};
    return playGames(context, true, (game) => {
      const samples = readCount(options, "samples", 2 * game.players + 2048);
      if (game.players <= mostExactPlayers && samples >= 2 ** game.players) return exactShapley(game);
      return sampled(game, samples, readSeed(options), readNumber(options, "regularisation", 0));
    });
  },
};

function* sampled(game: Game, samples: number, seed: number, ridge: number): Steps<Verdict> {
  const n = game.players;
  const random = uniforms(seed + game.row);
  // Sizes by the Shapley kernel (n − 1) / (k (n − k)); the constraint Σ credit = F(x) − F(x′) is built in by eliminating the last player.
  const kernel = Array.from({ length: n - 1 }, (_, i) => (n - 1) / ((i + 1) * (n - i - 1)));
  const whole = kernel.reduce((s, v) => s + v, 0);
  const masks: Uint8Array[] = [];
  for (let i = 0; i < Math.max(1, samples >> 1); i++) {
    let at = random() * whole;
    let size = 1;
    while (size < n - 1 && (at -= kernel[size - 1]!) > 0) size++;
    const mask = new Uint8Array(n);
    for (const player of shuffled(n, random).slice(0, size)) mask[player] = 1;
    masks.push(
      mask,
      mask.map((v) => 1 - v),
    );
  }
  const scores = yield* game.scores([() => false, () => true, ...masks.map((mask) => (player: number) => mask[player] === 1)]);
  const [start, end] = [scores[0]!, scores[1]!];
  const change = end - start;
  const x = masks.map((mask) => Float64Array.from({ length: n - 1 }, (_, p) => mask[p]! - mask[n - 1]!));
  const y = masks.map((mask, i) => scores[i + 2]! - start - mask[n - 1]! * change);
  const most =
    n === 1
      ? new Float64Array(0)
      : leastSquares(
          x,
          y,
          masks.map(() => 1),
          ridge,
        );
  const credit = new Float64Array(n);
  credit.set(most);
  credit[n - 1] = change - most.reduce((s, v) => s + v, 0);
  return { credit, evaluations: scores.length };
}
