import type { Node, Types } from "../../graph/ir.js";
import type { RuleContext, RuleFamily } from "../rule.js";

/**
 * What a multiplier rule sees: a rule's context at the sample, and the same node at the baseline. A value that is the same in both has one name.
 * Multipliers m of the inputs must satisfy Σ m·(x − x₀) = dy·(y − y₀). Source: Shrikumar et al., https://arxiv.org/abs/1704.02685, section 3.
 */
export interface SecantContext extends RuleContext {
  /** Inputs and outputs at the baseline. */
  readonly x0: readonly string[];
  readonly y0: readonly string[];
  /** The node's gradient rule, at the sample or at other values of inputs and outputs. */
  readonly gradient: (at?: Partial<Pick<RuleContext, "x" | "y" | "dy">>) => readonly (string | null)[];
  /** The rules for a node with another pairing of values, for compositions. */
  readonly rules: (base: (value: string) => string) => RuleFamily;
}

/** One multiplier per input, `null` where none flows; broadcasting as in a gradient rule. */
export type Multiply = (c: SecantContext) => readonly (string | null)[];

/** The state of an operator in DeepLIFT. */
export type SecantState =
  /** Linear in what moves: the gradient is the multiplier. */
  | { readonly state: "linear"; readonly refuse?: Refuse }
  | { readonly state: "rule"; readonly multiply: Multiply; readonly refuse?: Refuse }
  /** Credits miss the change by what the reason says; without `multiply` the gradient at the sample stands in for a multiplier. */
  | { readonly state: "approximate"; readonly reason: string; readonly multiply?: Multiply }
  | { readonly state: "unsupported"; readonly reason: string };

/** Why this particular node has no rule, else undefined. */
export type Refuse = (node: Node, types: Types) => string | undefined;

/** States of one family, by operator name as in the table of gradients. */
export type SecantFamily = Readonly<Record<string, SecantState>>;

export const linear: SecantState = { state: "linear" };

export function multiplier(multiply: Multiply, refuse?: Refuse): SecantState {
  return refuse === undefined ? { state: "rule", multiply } : { state: "rule", multiply, refuse };
}

/** Whether input i differs between sample and baseline. */
export function moves(c: SecantContext, i: number): boolean {
  return (c.x[i] ?? "") !== (c.x0[i] ?? "");
}
