import type { Shape } from "./assemble.js";
import type { MethodContext } from "./method.js";

/** Dims of result tensors: an input's own, or the layer's with the request's rows. */
export function shapeOf(context: MethodContext, rows: Shape["rows"], units: boolean): Omit<Shape, "complete"> {
  const { bound, request } = context;
  return {
    rows,
    units: units && request.neuron === "all" && request.layer !== undefined ? rows.unitDims(request.layer) : [],
    dims: (name) => request.inputs[name]?.dims ?? (bound.types.get(name)?.dims ?? []).map((d) => d ?? rows.count),
  };
}
