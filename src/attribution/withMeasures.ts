import { ExplainError, type Diagnostic } from "../base/diagnostic.js";
import type { Measured } from "../protocol/explanation.js";
import type { MeasureName } from "../protocol/names.js";
import { closest } from "../base/closest.js";
import { measures } from "./measures/index.js";
import type { Method, MethodContext } from "./method.js";
import type { Plan } from "./plan.js";
import { within, type PlanOf } from "./variants.js";

/** The share of the progress that the explanation itself takes when measures follow. */
const explained = 0.3;

/** A plan followed by the measures that its request names. */
export function* withMeasures(context: MethodContext, method: Method, plan: PlanOf): Plan {
  const { measures: names = [], ...request } = context.request;
  const chosen = names.map((name) => {
    const measure = Object.values(measures).find((m) => m.name === name);
    if (measure !== undefined) return measure;
    const known = Object.keys(measures);
    const near = closest(name, known);
    throw new ExplainError("OPTION_INVALID", `There is no measure "${name}".`, {
      hint: `${near === undefined ? "" : `Did you mean ${near}? `}Measures: ${known.join(", ")}.`,
    });
  });
  const one = { ...context, request };
  const result = yield* within(plan(one), 0, explained);
  const found: Partial<Record<MeasureName, readonly Measured[]>> = {};
  const refused: Diagnostic[] = [];
  for (const measure of chosen) {
    try {
      found[measure.name] = yield* measure.measure({ ...one, method, result, plan });
    } catch (error) {
      // Of several measures, one that has no meaning here does not take the others with it.
      if (!(error instanceof ExplainError) || error.diagnostic.code !== "OPTION_INVALID" || chosen.length === 1) throw error;
      refused.push({ ...error.diagnostic, severity: "info" });
    }
  }
  return { ...result, measures: found, ...(refused.length === 0 ? {} : { remarks: [...(result.remarks ?? []), ...refused] }) };
}
