import { present } from "../../base/assert.js";
import { assemble } from "../assemble.js";
import { rowsPerRun } from "../cost.js";
import { eachLayerValue } from "../eachLayerValue.js";
import type { Integral } from "../integral.js";
import type { Method, MethodContext } from "../method.js";
import { forwardProgram, fromLayerProgram, partOf, perturbedName, scoreVariants, type Subject, type Variant } from "../perturb/subject.js";
import type { Plan } from "../plan.js";
import { requireValue } from "../program/start.js";
import { Rows } from "../rows.js";
import { requireLayer, targetValue } from "../setup.js";
import { shapeOf } from "../shapeOf.js";

/** F − F with the unit set to 0. */
export const layerFeatureAblation: Method = {
  name: "layerFeatureAblation",
  title: "Layer ablation",
  family: "perturbation",
  question: "How much does the score fall when this unit is switched off?",
  paper: "https://arxiv.org/abs/1311.2901",
  needs: { gradient: false, target: true, baseline: false, layer: true, neuron: false },
  complete: false,
  plan: (context) => eachLayerValue(context, plan),
};

function* plan(context: MethodContext): Plan {
  const { bound, request } = context;
  const [target, layer] = [targetValue(context), requireLayer(context)];
  requireValue(bound, target, "target");
  requireValue(bound, layer, "layer");
  const rows = new Rows(bound, request, target);
  const capacity = 3 * rowsPerRun(bound);
  const forward = yield { kind: "run", program: forwardProgram(bound, layer), feeds: request.inputs };
  const program = fromLayerProgram(bound, layer, target);
  const needed = new Set(program.graph.inputs.map((i) => i.name));
  const part = partOf(perturbedName(layer), present(forward[layer], layer), undefined, rows);
  const held = Object.fromEntries(Object.entries(request.inputs).filter(([name]) => needed.has(name)));
  const subject: Subject = { rows, parts: [part], held, program, capacity };
  const integrals: Integral[] = [];
  for (let row = 0; row < rows.count; row++) {
    const variants = Array.from({ length: part.size + 1 }, (_, unit): Variant => ({ row, absent: (_part, element) => element === unit - 1 }));
    const scores = yield* scoreVariants(subject, row, variants);
    integrals.push({
      credit: new Map([[layer, Float64Array.from(scores.slice(1), (s) => scores[0]! - s)]]),
      error: null,
      score: scores[0]!,
      baselineScore: NaN,
      points: scores.length,
      converged: true,
    });
  }
  return { ...assemble({ ...shapeOf(context, rows, false), complete: false }, integrals), baselineScore: null };
}
