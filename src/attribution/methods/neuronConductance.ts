import type { Method } from "../method.js";
import { requireLayer } from "../setup.js";
import { multiplies, planPath } from "./pathMethod.js";

/** Up to this many units get nodes of their own in one program that shares the forward pass; more are enumerated along the batch. */
const mostUnrolled = 64;

/** (x − x′) · ∫ ∂F/∂y_j · ∂y_j/∂x dα: the part of each feature's credit that flows through unit j. */
export const neuronConductance: Method = {
  name: "neuronConductance",
  title: "Neuron conductance",
  family: "internal",
  question: "How much of each feature's contribution flowed through this unit?",
  paper: "https://arxiv.org/abs/1805.12233",
  needs: { gradient: true, target: true, baseline: true, layer: true, neuron: true },
  complete: false,
  plan: (context) => {
    const layer = requireLayer(context);
    const { bound, request } = context;
    const units = (bound.types.get(layer)?.dims ?? []).slice(1).reduce<number>((n, d) => n * (d ?? 1), 1);
    if (request.neuron === "all" && bound.stacked && units <= mostUnrolled)
      return planPath(context, {
        quantity: { kind: "neurons", layer, units: [...Array(units).keys()], times: multiplies(context) ? "difference" : "one" },
        complete: false,
      });
    return planPath(context, {
      quantity: { kind: "neuron", layer, times: multiplies(context) ? "difference" : "one" },
      complete: false,
      units: true,
      unitLayer: layer,
    });
  },
};
