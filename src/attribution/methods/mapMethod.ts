import { ExplainError } from "../../base/diagnostic.js";
import type { MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import { requireValue } from "../program/start.js";
import { requireLayer } from "../setup.js";
import { planPoint } from "./pointMethod.js";

export const mapOptions: Readonly<Record<string, string>> = { relu: "true or false (the default): cut off what speaks against the score" };

/** The plan of the class map of a layer; with `relu` its negative part is cut off. */
export function planMap(context: MethodContext): Plan {
  const layer = mapLayer(context);
  return planPoint(
    context,
    { kind: "classMap", layer, relu: context.request.options?.["relu"] === true },
    { dims: (dims) => dims.map((d, i) => (i === 1 ? 1 : d)) },
  );
}

/** The requested layer, which has to have channels on axis 1. Throws UNKNOWN_LAYER. */
export function mapLayer(context: MethodContext): string {
  const layer = requireLayer(context);
  requireValue(context.bound, layer, "layer");
  if ((context.bound.types.get(layer)?.dims.length ?? 0) < 2)
    throw new ExplainError("UNKNOWN_LAYER", `The layer "${layer}" has no channels, which a class map adds up.`, {
      hint: "Choose the output of a convolution: [batch, channels, height, width].",
    });
  return layer;
}
