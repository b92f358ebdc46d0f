import type { MethodOptions } from "../../protocol/request.js";
import type { Steps } from "../evaluate.js";
import type { Method } from "../method.js";
import { interval95 } from "../moments.js";
import { readCount, readNumber, readSeed } from "../options.js";
import { playGames, type Game, type Verdict } from "../perturb/game.js";
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
  options: {
    samples: "how many orders; without it, until every interval is below the tolerance",
    tolerance: "share of the largest credit that every 95 % interval falls below; 0.02",
    groups: "by input, a group number for each element: groups join together",
    seed: "of the random numbers; 1",
  },
  plan: (context) => {
    const options = context.request.options ?? {};
    return playGames(context, true, (game) => sampled(game, options));
  },
};

/** Evaluations that are spent at most when nobody says how many, and when a tolerance was asked for. */
const usualEvaluations = 20_000;
const mostEvaluations = 500_000;
const fewestOrders = 25;
/** Share of the largest credit that every interval falls below before sampling stops, when nobody says otherwise. */
const usualTolerance = 0.02;
/** Fewer pairs say too little of their spread. */
const fewestPairs = 8;
const coalitionsPerRound = 1024;

/** Draws pairs of orders until every interval is below the tolerance, or as many as `samples` allows. A number of samples without a tolerance is drawn to its end. */
function* sampled(game: Game, options: MethodOptions): Steps<Verdict> {
  const n = game.players;
  const random = uniforms(readSeed(options) + game.row);
  const most = Math.ceil(
    readCount(options, "samples", Math.max(fewestOrders, Math.floor((options["tolerance"] === undefined ? usualEvaluations : mostEvaluations) / (n + 1)))) / 2,
  );
  const tolerance = options["samples"] === undefined || options["tolerance"] !== undefined ? readNumber(options, "tolerance", usualTolerance) : undefined;
  const perRound = Math.max(1, Math.floor(coalitionsPerRound / (2 * (n + 1))));
  const mean = new Float64Array(n);
  const square = new Float64Array(n);
  let pairs = 0;
  let met = false;
  while (pairs < most && !met) {
    const orders = Array.from({ length: Math.min(perRound, most - pairs) }, () => shuffled(n, random));
    const scores = yield* game.scores(orders.flatMap((order) => chains(order)));
    for (const [o, order] of orders.entries()) {
      const at = o * 2 * (n + 1);
      pairs++;
      for (const [place, player] of order.entries()) {
        const ahead = scores[at + place + 1]! - scores[at + place]!;
        const behind = scores[at + n + 1 + (n - place)]! - scores[at + n + 1 + (n - place - 1)]!;
        const change = (ahead + behind) / 2;
        const before = change - mean[player]!;
        mean[player] = mean[player]! + before / pairs;
        square[player] = square[player]! + before * (change - mean[player]);
      }
    }
    const largest = Math.max(...halfWidths(mean, square, pairs));
    met = tolerance !== undefined && pairs >= fewestPairs && largest <= tolerance * Math.max(...mean.map(Math.abs));
    yield { kind: "progress", fraction: pairs / most };
  }
  return { credit: mean, error: halfWidths(mean, square, pairs), evaluations: pairs * 2 * (n + 1), converged: met || tolerance === undefined };
}

/** Coalitions of the first k players of an order, k = 0 … n, then of its last k. */
function chains(order: readonly number[]): ((player: number) => boolean)[] {
  const n = order.length;
  const rank = new Int32Array(n);
  order.forEach((player, place) => {
    rank[player] = place;
  });
  const forwards = Array.from({ length: n + 1 }, (_, k) => (player: number) => rank[player]! < k);
  const backwards = Array.from({ length: n + 1 }, (_, k) => (player: number) => rank[player]! >= n - k);
  return [...forwards, ...backwards];
}

function halfWidths(mean: Float64Array, square: Float64Array, pairs: number): Float64Array {
  return mean.map((m, p) => (pairs < 2 ? Math.abs(m) : interval95 * Math.sqrt(square[p]! / (pairs - 1) / pairs)));
}
