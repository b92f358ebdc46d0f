import { ExplainError } from "../base/diagnostic.js";
import type { AttributionRequest } from "../protocol/request.js";
import type { MethodContext } from "./method.js";
import { Moments } from "./moments.js";
import type { Plan } from "./plan.js";
import { gather } from "./rows.js";
import { eachVariant, type PlanOf } from "./variants.js";

/**
 * How many baselines a request's distribution has. Inputs without one start at zero in all of them, and a single row serves them all.
 * Throws BASELINE_INVALID when inputs bring different numbers of rows.
 */
export function baselineCount({ baselines = {} }: AttributionRequest): number {
  const counts = [...new Set(Object.values(baselines).map((t) => t.dims[0] ?? 1))].filter((n) => n !== 1);
  if (counts.length > 1)
    throw new ExplainError("BASELINE_INVALID", `The inputs' baselines have different numbers of rows: ${counts.join(" and ")}.`, {
      hint: "Rows of a distribution belong together: give every input as many.",
    });
  return counts[0] ?? 1;
}

/** The request with one row of its distribution as the baseline of every row. */
function withBaseline(request: AttributionRequest, row: number): AttributionRequest {
  const { distribution: _, baselines, ...rest } = request;
  if (baselines === undefined) return rest;
  return { ...rest, baselines: Object.fromEntries(Object.entries(baselines).map(([name, t]) => [name, t.dims[0] === 1 ? t : gather(t, [row])])) };
}

/** A method's mean over all baseline rows: the expectation itself where the rows are the distribution. */
export function* averageBaselines(context: MethodContext, plan: PlanOf): Plan {
  const { request } = context;
  const moments = new Moments();
  yield* eachVariant(
    context,
    baselineCount(request),
    (row) => withBaseline(request, row),
    plan,
    (result) => {
      moments.add(result);
    },
  );
  return moments.average();
}
