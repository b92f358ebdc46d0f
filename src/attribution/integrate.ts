import type { MethodOptions } from "../protocol/request.js";
import { ExplainError } from "../base/diagnostic.js";
import { ruleNames, type RuleName } from "../protocol/names.js";
import { bisect } from "./bisect.js";
import { nestedLevel } from "./quadrature/nested.js";
import { fixedRule, type FixedRule } from "./quadrature/rules.js";
import { readCount } from "./options.js";
import { refine } from "./refinement.js";
import { worthRefining } from "./cost.js";
import { evaluate, type Steps, type Sums } from "./evaluate.js";
import { defaultTolerance, largest, noiseFloor, tightTolerance, type Integral, type Integrand } from "./integral.js";
import { nestedLevels } from "./nestedLevels.js";

/** Integrates along the path by the rule that the options name; adaptive unless they name one. */
export function* integrate(integrand: Integrand): Steps<Integral[]> {
  const rule = readRule(integrand.options);
  if (rule === "adaptive") return yield* adaptive(integrand);
  return rule === "nested" ? yield* nested(integrand) : yield* fixed(integrand, rule);
}

export function readRule(options: MethodOptions): RuleName {
  const rule = options["rule"] ?? "adaptive";
  const known = ruleNames.find((r) => r === rule);
  if (known === undefined)
    throw new ExplainError("OPTION_INVALID", `There is no quadrature rule ${JSON.stringify(rule)}.`, { hint: `Rules: ${ruleNames.join(", ")}.` });
  return known;
}

function* fixed(integrand: Integrand, rule: FixedRule): Steps<Integral[]> {
  const { rows, program, items, capacity, unitLayer } = integrand;
  const { nodes, weights } = fixedRule(rule, readCount(integrand.options, "steps", 50));
  const asIntegrals = (sums: Sums, ends: (item: number) => Pick<Integral, "score" | "baselineScore">): Integral[] =>
    items.map((_, i) => ({
      credit: new Map([...sums.credit].map(([name, levels]) => [name, levels[0]![i]!])),
      error: null,
      ...ends(i),
      points: nodes.length,
      converged: true,
    }));
  // Where all fits into one run, the ends go with it: two more points cost less than another call.
  if (integrand.inputPath && rows.bound.stacked && items.length * (nodes.length + 2) <= capacity) {
    const sums = yield* evaluate(rows, program, items, { alphas: [...nodes, 0, 1], weights: [[...weights, 0, 0]] }, capacity, unitLayer);
    const joined = asIntegrals(sums, (i) => ({ baselineScore: sums.score.at(-2)![i]!, score: sums.score.at(-1)![i]! }));
    // The gradient may be infinite at an end, and nothing times that is no number.
    if (joined.every(({ credit }) => Number.isFinite(largest(credit.values())))) return joined;
  }
  const sums = yield* evaluate(rows, program, items, { alphas: nodes, weights: [weights] }, capacity, unitLayer);
  const ends = yield* endScores(integrand);
  return asIntegrals(sums, (i) => ends[i]!);
}

/** Points of the level that a static explanation takes. */
export const usualLevel = 65;

/** One level of the nested rule, whatever comes out: the same points for every row. The error is the difference to the level below. */
function* nested(integrand: Integrand): Steps<Integral[]> {
  const { rows, program, items, capacity, unitLayer } = integrand;
  const { nodes, weights } = nestedLevel(readCount(integrand.options, "steps", usualLevel));
  const sums = yield* evaluate(rows, program, items, { alphas: nodes, weights }, capacity, unitLayer);
  const [start, end] = [nodes.indexOf(0), nodes.indexOf(1)];
  const ends = integrand.inputPath
    ? items.map((_, i) => ({ baselineScore: sums.score[start]![i]!, score: sums.score[end]![i]! }))
    : yield* endScores(integrand);
  return items.map((_, i): Integral => {
    const credit = new Map([...sums.credit].map(([name, levels]) => [name, levels[0]![i]!]));
    const error = new Map([...sums.credit].map(([name, levels]) => [name, levels[0]![i]!.map((fine, e) => Math.abs(fine - levels[1]![i]![e]!))]));
    return { credit, error, ...ends[i]!, points: nodes.length, converged: true };
  });
}

/** F at both ends of the path. */
export function* endScores(
  integrand: Pick<Integrand, "rows" | "scores" | "items" | "capacity" | "unitLayer">,
): Steps<{ readonly score: number; readonly baselineScore: number }[]> {
  const { rows, scores, items, capacity, unitLayer } = integrand;
  const { score } = yield* evaluate(rows, scores, items, { alphas: [0, 1], weights: [[0, 0]] }, capacity, unitLayer);
  return items.map((_, i) => ({ baselineScore: score[0]![i]!, score: score[1]![i]! }));
}

/**
 * Nested levels in packed runs, or, where points cost much and the tolerance is not tight, local refinement of fewer points; then bisection of what does not converge.
 * Refinement has a fixed order, so that levels converge faster below 0.2 %.
 */
function* adaptive(integrand: Integrand): Steps<Integral[]> {
  const { rows, program, items, options, complete } = integrand;
  const tolerance = Math.max(noiseFloor, readTolerance(options));
  const smooth =
    tolerance >= tightTolerance && worthRefining(rows.bound, program.graph, items.length)
      ? yield* refine(integrand, { tolerance, complete })
      : yield* nestedLevels(integrand, tolerance);
  return yield* bisect(integrand, smooth, tolerance);
}

function readTolerance(options: MethodOptions): number {
  const value = options["tolerance"] ?? defaultTolerance;
  if (typeof value !== "number" || !(value > 0) || value > 1)
    throw new ExplainError("OPTION_INVALID", `The option "tolerance" should be a number between 0 and 1, not ${JSON.stringify(value)}.`, {
      hint: "It is the share of the largest credit that the estimated error may reach; the default is 0.005.",
    });
  return value;
}
