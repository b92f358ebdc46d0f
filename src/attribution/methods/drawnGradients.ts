import { assemble } from "../assemble.js";
import { baselineCount } from "../averageBaselines.js";
import { evaluate, type Steps } from "../evaluate.js";
import type { Integral } from "../integral.js";
import type { MethodContext } from "../method.js";
import { Moments } from "../moments.js";
import { readSeed } from "../options.js";
import type { Plan } from "../plan.js";
import { uniforms } from "../random.js";
import { gather } from "../rows.js";
import { setUp } from "../setup.js";
import { shapeOf } from "../shapeOf.js";
import { eachVariant, rowCount } from "../variants.js";
import type { AttributionRequest } from "../../protocol/request.js";
import type { PathMethod } from "./pathMethod.js";

/** A path method whose integral is replaced by random points. */
export interface DrawnMethod extends PathMethod {
  /** The layer whose change over the path multiplies the gradients, as Captum does for layers. */
  readonly layerChange?: string;
}

/**
 * The mean over `samples` draws of the integrand at z(α) = x′ + α (x − x′), α uniform and x′ a random row of the baselines, both anew for each row and draw;
 * with the half-width of a 95 % interval for each credit. The error falls with the square root of the number of draws.
 */
export function* planDrawn(context: MethodContext, method: DrawnMethod, samples: number): Plan {
  const { bound, request } = context;
  const { distribution: _, ...rest } = request;
  const random = uniforms(readSeed(request.options ?? {}));
  const baselines = baselineCount(request);
  const rows = rowCount(bound, request);
  const draw = (): AttributionRequest => {
    const chosen = Array.from({ length: rows }, () => Math.floor(random() * baselines));
    const drawn = Object.entries(request.baselines ?? {}).map(([name, t]) => [name, t.dims[0] === 1 ? t : gather(t, chosen)] as const);
    return { ...rest, ...(request.baselines === undefined ? {} : { baselines: Object.fromEntries(drawn) }) };
  };
  const moments = new Moments();
  yield* eachVariant(
    context,
    samples,
    draw,
    (one) => planPoints(one, method, random),
    (result) => {
      moments.add(result);
    },
  );
  return { ...moments.average(), points: samples, error: moments.intervals() };
}

/** One random point of the path for each row. */
function* planPoints(context: MethodContext, method: DrawnMethod, random: () => number): Plan {
  const { rows, items, capacity, program } = setUp(context, method);
  const unitLayer = method.target === "layer" ? (context.request.layer ?? null) : null;
  const alpha = Array.from({ length: rows.count }, random);
  const points = { alphas: [items.map((item) => alpha[item.row]!)], weights: [[1]] };
  const sums = yield* evaluate(rows, program(method.quantity, true), items, points, capacity, unitLayer);
  const ends = yield* evaluate(rows, program({ kind: "score" }, true), items, { alphas: [0, 1], weights: [[0, 0]] }, capacity, unitLayer);
  const { layerChange } = method;
  const change = layerChange === undefined ? undefined : yield* changes();
  const integrals = items.map((_, i): Integral => ({
    credit: new Map(
      [...sums.credit].map(([name, levels]) => {
        const credit = levels[0]![i]!;
        return [name, change === undefined ? credit : credit.map((g, e) => g * change[i]![e]!)];
      }),
    ),
    error: null,
    score: ends.score[1]![i]!,
    baselineScore: ends.score[0]![i]!,
    points: 1,
    converged: true,
  }));
  const shape = shapeOf(context, rows, method.units === true);
  return assemble({ ...shape, complete: method.complete }, integrals);

  /** y(x) − y(x′). */
  function* changes(): Steps<readonly Float64Array[]> {
    const layer = layerChange ?? "";
    const activation = program({ kind: "activation", layer }, true);
    const at = function* (alpha: number): Steps<readonly Float64Array[]> {
      return (yield* evaluate(rows, activation, items, { alphas: [alpha], weights: [[1]] }, capacity, unitLayer)).credit.get(layer)?.[0] ?? [];
    };
    const [start, end] = [yield* at(0), yield* at(1)];
    return end.map((y, i) => y.map((v, e) => v - start[i]![e]!));
  }
}
