import { averageBaselines, baselineCount } from "./averageBaselines.js";
import type { Method, MethodContext } from "./method.js";
import { noiseOf, noiseTunnel } from "./noiseTunnel.js";
import type { Plan } from "./plan.js";
import { severalTargets } from "./severalTargets.js";
import type { PlanOf } from "./variants.js";
import { withMeasures } from "./withMeasures.js";

/** A method's plan with what a request may ask of any method around it: several targets a row, measures, noise, several baselines. */
export function planRequest(method: Method, context: MethodContext): Plan {
  const averaged: PlanOf = (c) =>
    c.request.distribution === true && method.distribution !== true && method.needs.baseline && baselineCount(c.request) > 1
      ? averageBaselines(c, (one) => method.plan(one))
      : method.plan(c);
  const noise = noiseOf(context.request.options ?? {});
  const noisy: PlanOf = noise === undefined ? averaged : (c) => noiseTunnel(c, method, noise, averaged);
  const measured: PlanOf = (c) => (c.request.measures === undefined || c.request.measures.length === 0 ? noisy(c) : withMeasures(c, method, noisy));
  return severalTargets(context, method, measured);
}
