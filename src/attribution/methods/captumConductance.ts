import { ExplainError } from "../../base/diagnostic.js";
import { tensor, toNumbers } from "../../tensor/tensor.js";
import { assemble } from "../assemble.js";
import { endScores, readRule } from "../integrate.js";
import { readCount } from "../options.js";
import type { Integral } from "../integral.js";
import type { MethodContext } from "../method.js";
import type { Plan } from "../plan.js";
import { stepsInput } from "../program/derivative.js";
import { alphaInput } from "../program/frame.js";
import { fixedRule } from "../quadrature/rules.js";
import { setUp } from "../setup.js";
import { shapeOf } from "../shapeOf.js";

/** Captum's conductance: α_0 … α_n are the n + 1 nodes of the rule, Σ_k (y(α_{k+1}) − y(α_k)) · ∂F/∂y(α_k), no weights and no ends. Source: captum/attr/_core/layer/layer_conductance.py. */
export function* captumConductance(context: MethodContext, layer: string): Plan {
  const { rows, items, capacity, program } = setUp(context);
  const options = context.request.options ?? {};
  const rule = options["rule"] === undefined ? "gausslegendre" : readRule(options);
  if (rule === "adaptive" || rule === "nested")
    throw new ExplainError("OPTION_INVALID", `Captum's variant of conductance has no ${rule} rule.`, { hint: "Name a fixed rule, such as gausslegendre." });
  if (!rows.bound.stacked)
    throw new ExplainError("OPTION_INVALID", "Captum's variant of conductance needs a model whose batch axis is free.", { hint: "Leave `variant` out." });
  const steps = readCount(options, "steps", 50);
  const { nodes } = fixedRule(rule, steps + 1);
  const differences = new Float32Array(nodes.length * nodes.length);
  for (let k = 0; k < steps; k++) {
    differences[k * nodes.length + k] = -1;
    differences[k * nodes.length + k + 1] = 1;
  }
  const compiled = program({ kind: "layerSteps", layer }, true);
  const scores = program({ kind: "score" }, true);
  const integrals: Integral[] = [];
  const perRun = Math.max(1, Math.floor(capacity / nodes.length));
  for (let first = 0; first < items.length; first += perRun) {
    const some = items.slice(first, first + perRun);
    const feeds = {
      ...rows.feeds(some, null),
      [alphaInput]: tensor("float32", [nodes.length, 1], nodes),
      [stepsInput]: { dtype: "float32", dims: [nodes.length, nodes.length], data: differences } as const,
    };
    const outputs = yield { kind: "run", program: compiled, feeds };
    const ends = yield* endScores({ rows, scores, items: some, capacity, unitLayer: null });
    const credit = toNumbers(outputs[`credit/${layer}`]!);
    const size = credit.length / some.length;
    some.forEach((_, i) =>
      integrals.push({ credit: new Map([[layer, credit.slice(i * size, (i + 1) * size)]]), error: null, ...ends[i]!, points: nodes.length, converged: true }),
    );
  }
  return assemble({ ...shapeOf(context, rows, false), complete: true }, integrals);
}
