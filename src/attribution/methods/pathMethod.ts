import { assemble } from "../assemble.js";
import { integrate } from "../integrate.js";
import type { Integral } from "../integral.js";
import type { MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import type { Quantity } from "../program/derivative.js";
import { setUp, type SetupOptions } from "../setup.js";
import { shapeOf } from "../shapeOf.js";

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
    rows,
    items,
    capacity,
    unitLayer,
    complete,
    program: program(method.quantity, true),
    scores: program({ kind: "score" }, true),
    inputPath: method.quantity.kind !== "layerPath",
    options: context.request.options ?? {},
    partial: (known: readonly Integral[]) => () => assemble({ ...shape, complete }, known),
  });
  return assemble({ ...shape, complete }, integrals);
}

/** `multiplyByInputs: false` leaves the factor (x − x′) out. */
export function multiplies(context: MethodContext): boolean {
  return context.request.options?.["multiplyByInputs"] !== false;
}
