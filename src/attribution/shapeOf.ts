import type { Shape } from "./assemble.js";
import type { MethodContext } from "./method.js";

/** A text in pieces has as many credits. */
function piecesDims({ pieces }: MethodContext["request"], name: string): readonly number[] | undefined {
  const own = pieces?.[name];
  return own === undefined ? undefined : [1, own.length];
}

/** Dims of result tensors: an input's own, or the layer's with the request's rows. */
export function shapeOf(context: MethodContext, rows: Shape["rows"], units: boolean): Omit<Shape, "complete"> {
  const { bound, request } = context;
  return {
    rows,
    units: units && request.neuron === "all" && request.layer !== undefined ? rows.unitDims(request.layer) : [],
    dims: (name) => piecesDims(request, name) ?? request.inputs[name]?.dims ?? (bound.types.get(name)?.dims ?? []).map((d) => d ?? rows.count),
  };
}
