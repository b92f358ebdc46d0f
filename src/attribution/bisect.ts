import { bisection } from "./bisection.js";
import { pointBudget } from "./cost.js";
import type { Steps } from "./evaluate.js";
import { noiseFloor, type Integral, type Integrand } from "./integral.js";
import { searchPaths } from "./pathSearch.js";

/** The ends themselves may be singular (√ at zero, a norm without variance): their derivative is taken a hair inside. */
const nearStart = 2 ** -30;
const nearEnd = 1 - 2 ** -24;

/** Bisects the path of every item whose first integral (`before`, by item) did not converge. */
export function* bisect(integrand: Integrand, before: readonly Integral[], tolerance: number): Steps<Integral[]> {
  const open = before.flatMap(({ converged }, item) => (converged ? [] : [item]));
  const limits = { tolerance, budget: pointBudget(integrand.rows.bound), complete: integrand.complete, share: open.length };
  const integrals = [...before];
  yield* searchPaths(
    integrand,
    integrals,
    open,
    (item) => {
      const known = before[item]!;
      return bisection(known, { ...limits, noise: noiseFloor * Math.max(Math.abs(known.score), Math.abs(known.baselineScore)) });
    },
    (alpha) => Math.min(Math.max(alpha, nearStart), nearEnd),
  );
  return integrals;
}
