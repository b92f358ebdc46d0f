import type { Backward } from "../../autodiff/backward.js";
import { isRelu } from "../../autodiff/guided.js";
import { nodesBehind } from "../../graph/reads.js";
import type { MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import type { Quantity } from "../program/derivative.js";
import { requireLayer, targetValue, type SetupOptions } from "../setup.js";
import { planPoint } from "./pointMethod.js";

/** The plan of a method that is the gradient but for what it does at ReLUs; it says so where the model has none. */
export function* planGuided(context: MethodContext, backward: Backward, options: SetupOptions = {}, quantity?: Quantity): Plan {
  const result = yield* planPoint(context, quantity ?? { kind: "inputs", times: "one", abs: false }, { ...options, backward });
  const { graph } = context.bound;
  const value = options.target === "layer" ? requireLayer(context) : targetValue(context);
  if (nodesBehind(graph.nodes, [value]).some((node) => isRelu(node, graph.initializers))) return result;
  return {
    ...result,
    remarks: [
      {
        code: "PLAIN_GRADIENT",
        severity: "info",
        message: `There is no ReLU before "${value}". ${context.request.method} differs from the gradient at ReLUs only, so its numbers are those of the gradient.`,
        hint: "Take integratedGradients for shares of the score.",
      },
    ],
  };
}
