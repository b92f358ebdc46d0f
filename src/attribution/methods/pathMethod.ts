import { assemble, type Shape } from "../assemble.js";
import { integrate } from "../integrate.js";
import type { Integral } from "../integral.js";
import type { MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import type { Quantity } from "../program/derivative.js";
import { setUp, type SetupOptions } from "../setup.js";

export interface PathMethod extends SetupOptions {
  readonly quantity: Quantity;
  readonly complete: boolean;
  /** The layer whose one-hot unit the program takes, if it does. */
  readonly unitLayer?: string;
}

/** The plan of every method that integrates a quantity along the path. */
export function* planPath(context: MethodContext, method: PathMethod): Plan {
  const { rows, items, capacity, program } = setUp(context, method);
  const shape = shapeOf(context, rows, method.units === true || method.quantity.kind === "neurons");
  const complete = method.complete && context.request.options?.["multiplyByInputs"] !== false;
  const unitLayer = method.unitLayer ?? (method.target === "layer" ? (context.request.layer ?? null) : null);
  const integrals = yield* integrate({
    rows, items, capacity, unitLayer, complete,
    program: program(method.quantity, true),
    scores: program({ kind: "score" }, true),
    options: context.request.options ?? {},
    partial: (known: readonly Integral[]) => () => assemble({ ...shape, complete }, known),
  });
  return assemble({ ...shape, complete }, integrals);
}

/** Dims of result tensors: an input's own, or the layer's with the request's rows. */
export function shapeOf(context: MethodContext, rows: Shape["rows"], units: boolean): Omit<Shape, "complete"> {
  const { bound, request } = context;
  return {
    rows,
    units: units && request.neuron === "all" && request.layer !== undefined ? rows.unitDims(request.layer) : [],
    dims: (name) => request.inputs[name]?.dims ?? (bound.types.get(name)?.dims ?? []).map((d) => d ?? rows.count),
  };
}

/** `multiplyByInputs: false` leaves the factor (x − x′) out. */
export function multiplies(context: MethodContext): boolean {
  return context.request.options?.["multiplyByInputs"] !== false;
}
