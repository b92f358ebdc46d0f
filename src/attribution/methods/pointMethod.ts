import { assemble } from "../assemble.js";
import { evaluate } from "../evaluate.js";
import type { Integral } from "../integral.js";
import type { MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import type { Quantity } from "../program/derivative.js";
import { setUp, type SetupOptions } from "../setup.js";
import { shapeOf } from "../shapeOf.js";

export interface PointMethod extends SetupOptions {
  /** Dims of a result's tensor where they are not the input's or the layer's own. */
  readonly dims?: (dims: readonly number[]) => readonly number[];
}

/** The plan of every method that looks at the sample itself only. */
export function* planPoint(context: MethodContext, quantity: Quantity, options: PointMethod = {}): Plan {
  const { rows, items, capacity, program } = setUp(context, options);
  const unitLayer = options.target === "layer" ? (context.request.layer ?? null) : null;
  const sums = yield* evaluate(rows, program(quantity, false), items, { alphas: [1], weights: [[1]] }, capacity, unitLayer);
  const integrals = items.map((_, i): Integral => ({
    credit: new Map([...sums.credit].map(([name, levels]) => [name, levels[0]![i]!])),
    error: null,
    score: sums.score[0]![i]!,
    baselineScore: NaN,
    points: 1,
    converged: true,
  }));
  const shape = shapeOf(context, rows, options.units === true);
  const dims = options.dims ?? ((own): readonly number[] => own);
  const result = assemble({ ...shape, dims: (name) => dims(shape.dims(name)), complete: false }, integrals);
  return { ...result, score: options.target === undefined ? result.score : null, baselineScore: null };
}
