import { averageBaselines } from "../averageBaselines.js";
import type { MethodContext } from "../method.js";
import { readCount } from "../options.js";
import type { Plan } from "../plan.js";
import { planDrawn, type DrawnMethod } from "./drawnGradients.js";
import { planPath } from "./pathMethod.js";

/** The draws of Captum's own default, for `variant: captum`. */
const captumSamples = 5;

/** Integrated gradients averaged over all baseline rows: the expectation itself. With `samples` (or Captum's variant) that many random draws of it. */
export function planExpected(context: MethodContext, method: DrawnMethod): Plan {
  const { samples, variant } = context.request.options ?? {};
  if (samples === undefined && variant !== "captum") return averageBaselines(context, (one) => planPath(one, method));
  return planDrawn(context, method, readCount(context.request.options ?? {}, "samples", captumSamples));
}
