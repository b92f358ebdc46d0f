import type { Measured } from "../../protocol/explanation.js";
import type { Steps } from "../evaluate.js";
import type { Measure, MeasureContext } from "../measure.js";
import { readCount, readSeed } from "../options.js";
import { movableOf } from "../perturb/movable.js";
import { uniforms } from "../random.js";
import { eachVariant } from "../variants.js";
import { creditsOfRow } from "./rankCorrelation.js";
import { resultRows } from "./resultRows.js";

/** Of the range of the input's values: small enough that a person sees the same sample. */
export const defaultRadius = 0.02;

/** max ‖φ(x + δ) − φ(x)‖ / ‖φ(x)‖ over random δ, each element within the radius. */
export const sensitivity: Measure = {
  name: "sensitivity",
  title: "Max-sensitivity",
  question: "By what share do the credits change at most when the sample is changed a little?",
  paper: "https://arxiv.org/abs/1901.09392",
  better: "lower",
  measure,
};

function* measure(context: MeasureContext): Steps<readonly Measured[]> {
  const { request, result, method, plan } = context;
  const options = request.options ?? {};
  const random = uniforms(readSeed(options));
  const sample = yield* movableOf({ bound: context.bound, request }, method, "sensitivityRadius", defaultRadius);
  const rows = resultRows(result);
  const own = Array.from({ length: rows }, (_, r) => creditsOfRow(result, r, rows));
  const most = new Float64Array(rows);
  yield* eachVariant(
    sample.context,
    readCount(options, "sensitivitySamples", 10),
    () => sample.moved(() => 2 * random() - 1),
    plan,
    (answer) => {
      const other = sample.folded(answer);
      own.forEach((credits, r) => {
        const moved = creditsOfRow(other, r, rows);
        const ratio = norm(credits.map((c, i) => c - (moved[i] ?? NaN))) / norm(credits);
        most[r] = Math.max(most[r]!, ratio);
      });
    },
    // The same draws for every copy: what changes is the sample alone.
    method.random === true || method.acrossRows === true || options["samples"] !== undefined,
  );
  return Array.from(most, (value) => ({ value }));
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((s, v) => s + v * v, 0));
}
