import type { Measured } from "../protocol/explanation.js";
import type { MeasureName } from "../protocol/names.js";
import type { Steps } from "./evaluate.js";
import type { Method, MethodContext } from "./method.js";
import type { AttributionResult } from "./plan.js";
import type { PlanOf } from "./variants.js";

/** A finished explanation and how to ask for it again. */
export interface MeasureContext extends MethodContext {
  readonly method: Method;
  readonly result: AttributionResult;
  /** The method as the request asks for it, noise and several baselines included. */
  readonly plan: PlanOf;
}

/** One measure of how far an explanation can be trusted: pure like a method, it asks for runs and reduces what they return. */
export interface Measure {
  readonly name: MeasureName;
  readonly title: string;
  /** What its value says, in one sentence. */
  readonly question: string;
  readonly paper: string;
  /** Which values speak for the explanation; "neither" where it depends on what is asked. */
  readonly better: "lower" | "higher" | "neither";
  /** One entry a row. Throws OPTION_INVALID where the measure has no meaning for the method or model. */
  measure(context: MeasureContext): Steps<readonly Measured[]>;
}
