import type { RuleFamily } from "../autodiff/rule.js";
import type { Node } from "../graph/ir.js";
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
  /** The method takes all baseline rows as a distribution of its own accord; every other one is averaged over them when the request says `distribution`. */
  readonly distribution?: boolean;
  /** The method looks from one row to another, so that copies of rows would change its answer. */
  readonly acrossRows?: boolean;
  /** The method draws random numbers: its seed is part of what was asked. */
  readonly random?: boolean;
  /** The layer has to have places behind its channels, as a convolution's output has. */
  readonly places?: boolean;
  /** What it carries back through the model by, where that is not derivatives: every operator on the way must have such a rule too. */
  readonly rules?: RuleFamily;
  /** The nodes that it explains, where it does not explain any model; `named` completes "The model has no …". */
  readonly explains?: { readonly node: (node: Node) => boolean; readonly named: string };
  /** The options that are the method's own, by name: values, default and meaning in a few words. */
  readonly options?: Readonly<Record<string, string>>;
  plan(context: MethodContext): Plan;
}
