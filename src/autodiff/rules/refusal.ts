import { ExplainError } from "../../base/diagnostic.js";
import type { RuleContext } from "../rule.js";

/** Refuses a node for a reason that only its constants show. */
export function refusal(c: RuleContext, reason: string): ExplainError {
  const { node } = c;
  return new ExplainError(
    "UNSUPPORTED_OPERATOR",
    `The gradient can't pass the operator ${node.domain === "" ? "" : `${node.domain}.`}${node.op} of node "${node.name}": ${reason}.`,
    {
      node: node.name,
      hint: "Methods that need no gradient (featureAblation, occlusion, shapleyValues, kernelShap, lime) still work on this model.",
    },
  );
}
