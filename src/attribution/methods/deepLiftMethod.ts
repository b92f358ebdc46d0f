import type { RuleFamily } from "../../autodiff/rule.js";
import { secantRules } from "../../autodiff/secant/index.js";
import { ExplainError } from "../../base/diagnostic.js";
import { present } from "../../base/assert.js";
import { toNumbers } from "../../tensor/tensor.js";
import { assemble } from "../assemble.js";
import type { Integral } from "../integral.js";
import type { MethodContext } from "../method.js";
import type { MethodOptions } from "../../protocol/request.js";
import type { Plan } from "../plan.js";
import { deepLiftProgram, deepLiftRules, type DeepLiftRule } from "../program/deepLift.js";
import { requireLayer, setUp, targetValue } from "../setup.js";
import { shapeOf } from "../shapeOf.js";
import { multiplies } from "./pathMethod.js";

/** Which operators multipliers pass is the same for all rows and options. */
export const multiplierRules: RuleFamily = secantRules((value) => value);

export const deepLiftOptions: Readonly<Record<string, string>> = {
  rule: "rescale (the default) or revealCancel: what rises and what falls has multipliers of its own, so that causes which cancel are seen",
  multiplyByInputs: "false: the multipliers themselves, without the difference from the baseline",
};

/** What a DeepLIFT method credits: inputs, the units of the request's layer, or inputs for the value of a unit of it. */
export type Credited = "inputs" | "layer" | "inputsOfUnit";

/** The plan of the DeepLIFT methods: one run for every pack of rows, of the sample, its baseline and the multipliers. */
export function* planDeepLift(context: MethodContext, credited: Credited): Plan {
  const units = credited === "inputsOfUnit";
  const { rows, sources, items, capacity } = setUp(context, units ? { target: "layer", units } : {});
  const layer = credited === "inputs" ? undefined : requireLayer(context);
  const target = units ? requireLayer(context) : targetValue(context);
  const multiply = multiplies(context);
  const rule = readRule(context.request.options ?? {});
  const program = deepLiftProgram(rows.bound, { sources, target, multiply, rule, ...(credited === "layer" && layer !== undefined ? { layer } : {}) });
  // Two forward passes and multipliers about twice as large as a gradient: less fits into a run.
  const perRun = rows.bound.stacked ? Math.max(1, Math.floor(capacity / 2)) : 1;
  const integrals: Integral[] = [];
  for (let first = 0; first < items.length; first += perRun) {
    const some = items.slice(first, first + perRun);
    const outputs = yield { kind: "run", program, feeds: rows.feeds(some, null) };
    const numbers = (name: string): Float64Array => toNumbers(present(outputs[name], name));
    const [scores, baselineScores] = [numbers("score"), numbers("baselineScore")];
    const credits = Object.keys(outputs).flatMap((name) => (name.startsWith("credit/") ? [[name.slice("credit/".length), numbers(name)] as const] : []));
    some.forEach((_, i) => {
      const own = (values: Float64Array): Float64Array => values.slice((i * values.length) / some.length, ((i + 1) * values.length) / some.length);
      integrals.push({
        credit: new Map(credits.map(([name, values]) => [name, own(values)])),
        error: null,
        score: scores[i]!,
        baselineScore: baselineScores[i]!,
        points: 2,
        converged: true,
      });
    });
    if (first + perRun < items.length) yield { kind: "progress", fraction: (first + perRun) / items.length };
  }
  return assemble({ ...shapeOf(context, rows, units), complete: multiply }, integrals);
}

/** The option `rule`: rescale (the default) or revealCancel. Throws OPTION_INVALID, for `variant` too. */
function readRule(options: MethodOptions): DeepLiftRule {
  if (options["variant"] !== undefined)
    throw new ExplainError("OPTION_INVALID", `DeepLIFT has no variant ${JSON.stringify(options["variant"])}.`, {
      hint: "Captum's numbers are the same where it has a rule for every operator; elsewhere they depend on the batch or miss the change in score.",
    });
  const rule = options["rule"] ?? "rescale";
  const known = deepLiftRules.find((r) => r === rule);
  if (known === undefined)
    throw new ExplainError("OPTION_INVALID", `DeepLIFT has no rule ${JSON.stringify(rule)}.`, { hint: `Rules: ${deepLiftRules.join(", ")}.` });
  return known;
}
