import type { MethodName } from "../protocol/names.js";
import type { AttributionRequest } from "../protocol/request.js";
import type { BoundGraph } from "./bound.js";
import type { Plan } from "./plan.js";

export interface MethodContext {
  readonly bound: BoundGraph;
  readonly request: AttributionRequest;
}

/** What a method needs to be asked for. */
export interface MethodNeeds {
  /** Derivatives of the model: every operator on the way must have a rule. */
  readonly gradient: boolean;
  readonly target: boolean;
  readonly baseline: boolean;
  readonly layer: boolean;
  readonly neuron: boolean;
}

/** One attribution method: pure, it plans and reduces, and never runs anything. */
export interface Method {
  readonly name: MethodName;
  readonly title: string;
  readonly family: "gradient" | "rule" | "internal" | "perturbation";
  /** The question it answers, in one sentence. */
  readonly question: string;
  readonly paper: string;
  readonly needs: MethodNeeds;
  /** Whether Σ attributions = F(x) − F(x′) is promised, so that `delta` has a meaning. */
  readonly complete: boolean;
  plan(context: MethodContext): Plan;
}
