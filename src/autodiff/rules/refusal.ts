import type { ExplainError } from "../../base/diagnostic.js";
import { noRule } from "../noRule.js";
import type { RuleContext } from "../rule.js";

/** Refuses a node for a reason that only its constants show. */
export function refusal(c: RuleContext, reason: string): ExplainError {
  return noRule(c.node, reason);
}
