import { ExplainError } from "../../base/diagnostic.js";
import type { Steps } from "../evaluate.js";
import type { Game, Verdict } from "./game.js";

/** 2^20 coalitions are a million evaluations; more is not something to wait for. */
export const mostExactPlayers = 20;

/** Exact Shapley values from all 2^n coalitions, each evaluated once. Source: Shapley (1953); weights |S|! (n − |S| − 1)! / n!. */
export function* exactShapley(game: Game): Steps<Verdict> {
  const n = game.players;
  if (n > mostExactPlayers)
    throw new ExplainError(
      "OPTION_INVALID",
      `Exact Shapley values of ${n} players need 2^${n} evaluations; at most ${mostExactPlayers} players are possible.`,
      { hint: 'Group features with the option "groups", or use shapleyValueSampling or kernelShap.' },
    );
  const total = 2 ** n;
  const value = new Float64Array(total);
  const batch = 1 << 16;
  for (let first = 0; first < total; first += batch) {
    const masks = Array.from({ length: Math.min(batch, total - first) }, (_, i) => first + i);
    value.set(yield* game.scores(masks.map((mask) => (player: number) => ((mask >> player) & 1) === 1)), first);
  }
  const weight = shapleyWeights(n);
  const credit = new Float64Array(n);
  for (let mask = 0; mask < total; mask++) {
    const size = countBits(mask);
    for (let p = 0; p < n; p++) {
      if ((mask >> p) & 1) credit[p] = credit[p]! + weight[size - 1]! * value[mask]!;
      else credit[p] = credit[p]! - weight[size]! * value[mask]!;
    }
  }
  return { credit, evaluations: total };
}

/** weight[s] of a coalition of s others. */
function shapleyWeights(n: number): number[] {
  const weights: number[] = [];
  let binomial = 1;
  for (let s = 0; s < n; s++) {
    weights.push(1 / (n * binomial));
    binomial = (binomial * (n - 1 - s)) / (s + 1);
  }
  return weights;
}

function countBits(mask: number): number {
  let count = 0;
  for (let m = mask; m !== 0; m &= m - 1) count++;
  return count;
}
