import { present } from "../base/assert.js";
import type { MethodContext } from "./method.js";
import type { AttributionResult, Plan } from "./plan.js";
import { layerValues } from "./setup.js";
import { within, type PlanOf } from "./variants.js";

/**
 * A plan that looks at one value, done for each value of a layer that has several, the others left as they follow: each has the credits that it has alone. For values that
 * do not follow from each other, which a layer's outputs are, their multipliers are those of all together, so the delta is of their sum.
 */
export function* eachLayerValue(context: MethodContext, plan: PlanOf): Plan {
  const { layer, also = [] } = layerValues(context);
  const names = [layer, ...also];
  const results: AttributionResult[] = [];
  for (const [i, name] of names.entries())
    results.push(yield* within(plan({ ...context, request: { ...context.request, layer: name } }), i / names.length, (i + 1) / names.length));
  const first = present(results[0], "result of a layer's value");
  if (results.length === 1) return first;
  const { score, baselineScore } = first;
  // Each delta is Σ of its own credits − change; all credits together miss the change by their sum, which has counted the change once too often for every further value.
  const change = (row: number): number => (score?.[row] ?? NaN) - (baselineScore?.[row] ?? NaN);
  return {
    ...first,
    attributions: Object.fromEntries(results.flatMap(({ attributions }) => Object.entries(attributions))),
    delta:
      first.delta === null
        ? null
        : first.delta.map((_, row) => results.reduce((sum, { delta }) => sum + (delta?.[row] ?? NaN), (results.length - 1) * change(row))),
    points: results.reduce((sum, { points }) => sum + points, 0),
  };
}
