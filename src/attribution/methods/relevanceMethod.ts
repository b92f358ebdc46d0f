import type { Diagnostic } from "../../base/diagnostic.js";
import { relevance } from "../../autodiff/relevance/index.js";
import type { RuleFamily } from "../../autodiff/rule.js";
import type { MethodContext } from "../method.js";
import type { AttributionResult, Plan } from "../plan.js";
import type { Quantity } from "../program/derivative.js";
import { relevanceSettings } from "../relevanceOptions.js";
import { planPoint } from "./pointMethod.js";

/** Which operators relevance passes is the same for all options. */
export const relevanceRules: RuleFamily = relevance(relevanceSettings({})).rules;

/** The part of the score that may be missing before it is said. */
const tolerated = 0.01;

/** The plan of layer-wise relevance propagation: the score is divided up, and what is missing from it in the end is the delta. */
export function* planRelevance(context: MethodContext, quantity: Quantity): Plan {
  const result = yield* planPoint(context, quantity, { backward: relevance(relevanceSettings(context.request.options ?? {})) });
  const score = result.score ?? [];
  const delta = sums(result, score.length).map((sum, row) => sum - (score[row] ?? NaN));
  const lost = Math.max(...delta.map((d, row) => Math.abs(d) / Math.max(Math.abs(score[row] ?? NaN), Number.MIN_VALUE)));
  return { ...result, delta, ...(lost > tolerated && quantity.kind === "inputs" ? { remarks: [notConserved(lost)] } : {}) };
}

function sums({ attributions }: AttributionResult, rows: number): number[] {
  return Array.from({ length: rows }, (_, row) =>
    Object.values(attributions).reduce((total, { data }) => {
      const size = data.length / rows;
      return data.slice(row * size, (row + 1) * size).reduce((sum, x) => sum + x, total);
    }, 0),
  );
}

function notConserved(lost: number): Diagnostic {
  return {
    code: "NOT_CONSERVED",
    severity: "info",
    message: `Relevance is not conserved: the credits differ from the score by ${lost > 10 ? "more than ten times" : `up to ${(100 * lost).toFixed(lost < 0.1 ? 1 : 0)} % of`} it.`,
    hint: "Biases, inputs that are held fixed and outputs near 0 take or give relevance. The rule zPlus leaves biases out; a larger epsilon damps what cancels.",
  };
}
