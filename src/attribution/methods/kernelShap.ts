import type { Method } from "../method.js";
import { readCount, readSeed, readNumber } from "../options.js";
import { exactShapley, mostExactPlayers } from "../perturb/exactShapley.js";
import type { Game, Verdict } from "../perturb/game.js";
import { playGames } from "../perturb/game.js";
import { kernelCoalitions } from "../perturb/kernelCoalitions.js";
import { leastSquaresWithSum } from "../perturb/leastSquares.js";
import { uniforms } from "../random.js";
import type { Steps } from "../evaluate.js";

/** Shapley values by weighted least squares over coalitions, small and large ones enumerated, the others drawn in complementary pairs; exact when the samples suffice for all coalitions. */
export const kernelShap: Method = {
  name: "kernelShap",
  title: "Kernel SHAP",
  family: "perturbation",
  question: "What is each feature's fair share of the change in score, estimated from a fixed number of evaluations?",
  paper: "https://arxiv.org/abs/1705.07874",
  needs: { gradient: false, target: true, baseline: true, layer: false, neuron: false },
  complete: true,
  random: true,
  options: {
    samples: "how many coalitions; 2 · features + 2048",
    regularisation: "ridge added to the regression; 0",
    groups: "by input, a group number for each element: groups join together",
    seed: "of the random numbers; 1",
  },
  plan: (context) => {
    const options = context.request.options ?? {};
    return playGames(context, true, (game) => {
      const samples = readCount(options, "samples", 2 * game.players + 2048);
      if (game.players <= mostExactPlayers && samples >= 2 ** game.players) return exactShapley(game);
      return sampled(game, samples, readSeed(options), readNumber(options, "regularisation", 0));
    });
  },
};

/** The regression under the constraint Σ credit = F(x) − F(x′). */
function* sampled(game: Game, samples: number, seed: number, ridge: number): Steps<Verdict> {
  const n = game.players;
  const coalitions = kernelCoalitions(n, samples, uniforms(seed + game.row));
  const scores = yield* game.scores([
    () => false,
    () => true,
    ...coalitions.map(
      ({ mask }) =>
        (player: number) =>
          mask[player] === 1,
    ),
  ]);
  const [start, end] = [scores[0]!, scores[1]!];
  if (n === 1) return { credit: Float64Array.of(end - start), evaluations: scores.length };
  const credit = leastSquaresWithSum(
    coalitions.map(({ mask }) => Float64Array.from(mask)),
    coalitions.map((_, i) => scores[i + 2]! - start),
    coalitions.map(({ weight }) => weight),
    end - start,
    ridge,
  );
  return { credit, evaluations: scores.length };
}
