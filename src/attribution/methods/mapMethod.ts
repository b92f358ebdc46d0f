import { ExplainError } from "../../base/diagnostic.js";
import type { MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import { requireValue } from "../program/start.js";
import { layerValues } from "../setup.js";
import { planPoint } from "./pointMethod.js";

export const mapOptions: Readonly<Record<string, string>> = { relu: "true or false (the default): cut off what speaks against the score" };

/** The plan of the class map of a layer; with `relu` its negative part is cut off. */
export function planMap(context: MethodContext): Plan {
  const values = layerValues(context);
  for (const value of [values.layer, ...(values.also ?? [])]) requireChannels(context, value);
  return planPoint(
    context,
    { kind: "classMap", ...values, relu: context.request.options?.["relu"] === true },
    { dims: (dims) => dims.map((d, i) => (i === 1 ? 1 : d)) },
  );
}

/** Throws UNKNOWN_LAYER for a value without channels on axis 1. */
export function requireChannels({ bound }: MethodContext, layer: string): void {
  requireValue(bound, layer, "layer");
  if ((bound.types.get(layer)?.dims.length ?? 0) < 2)
    throw new ExplainError("UNKNOWN_LAYER", `The layer "${layer}" has no channels, which a class map adds up.`, {
      hint: "Choose the output of a convolution: [batch, channels, height, width].",
    });
}
