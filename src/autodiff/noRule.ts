import { ExplainError } from "../base/diagnostic.js";
import type { Node } from "../graph/ir.js";

/** The error of a node that gradients can't pass: which one, which operator, why, and what still works. */
export function noRule(node: Pick<Node, "name" | "op" | "domain">, reason: string): ExplainError {
  return new ExplainError(
    "UNSUPPORTED_OPERATOR",
    `The gradient can't pass the operator ${node.domain === "" ? "" : `${node.domain}.`}${node.op} of node "${node.name}": ${reason}.`,
    {
      node: node.name,
      hint: "Methods that need no gradient (featureAblation, occlusion, shapleyValues, kernelShap, lime) still work on this model.",
    },
  );
}
