import { assemble } from "../assemble.js";
import { rowsPerRun } from "../cost.js";
import type { Integral } from "../integral.js";
import type { Method, MethodContext } from "../method.js";
import { playersOf, spread, withoutEach } from "../perturb/players.js";
import { predict, subjectOf } from "../perturb/subject.js";
import type { Plan } from "../plan.js";
import { requireValue } from "../program/start.js";
import { Rows } from "../rows.js";
import { oneLayerValue, unitsOf } from "../setup.js";
import { shapeOf } from "../shapeOf.js";

/** y_j(x) − y_j(x with the feature at its baseline); one pass serves all units. */
export const neuronFeatureAblation: Method = {
  name: "neuronFeatureAblation",
  title: "Neuron feature ablation",
  family: "perturbation",
  question: "How much does this unit's value fall when the feature is replaced by its baseline?",
  paper: "https://arxiv.org/abs/1311.2901",
  needs: { gradient: false, target: false, baseline: true, layer: true, neuron: true },
  complete: false,
  plan,
};

function* plan(context: MethodContext): Plan {
  const { bound, request } = context;
  const layer = oneLayerValue(context);
  requireValue(bound, layer, "layer");
  const rows = new Rows(bound, request, layer);
  const units = unitsOf(context, rows);
  const subject = subjectOf(context, rows, layer, 3 * rowsPerRun(bound));
  const players = playersOf(subject, request.options ?? {});
  const integrals: Integral[] = [];
  for (let row = 0; row < rows.count; row++) {
    const variants = withoutEach(players, row);
    const values = yield* predict(subject, variants, (v) => v.slice());
    for (const unit of units) {
      const activation = (variant: number): number => unit.reduce((sum, u) => sum + values[variant]![u]!, 0);
      const credit = Float64Array.from({ length: players.count }, (_, p) => activation(0) - activation(p + 1));
      integrals.push({
        credit: new Map(spread(players, credit).map((v, p) => [subject.parts[p]!.name, v])),
        error: null,
        score: activation(0),
        baselineScore: NaN,
        points: variants.length,
        converged: true,
      });
    }
  }
  return { ...assemble({ ...shapeOf(context, rows, true), complete: false }, integrals), baselineScore: null };
}
