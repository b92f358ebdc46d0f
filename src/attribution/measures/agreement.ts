import { ExplainError } from "../../base/diagnostic.js";
import type { Measured } from "../../protocol/explanation.js";
import { sizeOf } from "../../tensor/tensor.js";
import type { Steps } from "../evaluate.js";
import type { Measure, MeasureContext } from "../measure.js";
import type { Method } from "../method.js";
import { methods } from "../methods/index.js";
import type { AttributionResult, Plan } from "../plan.js";
import { agreementMatrix, agreementOf, isUnsigned } from "./rankCorrelation.js";
import { resultRows } from "./resultRows.js";

/** Exact Shapley values are the best judge where they cost next to nothing. */
const mostExactElements = 10;

/** The mean rank correlation between the credits and those of other methods for the same question. */
export const agreement: Measure = {
  name: "agreement",
  title: "Agreement between methods",
  question: "Do other methods rank the features the same way? (The mean rank correlation with them, 1 when they do.)",
  paper: "https://arxiv.org/abs/2202.01602",
  better: "higher",
  measure,
};

function* measure(context: MeasureContext): Steps<readonly Measured[]> {
  const { bound, request, method, result } = context;
  const asked = request.options?.["compare"];
  const others = asked === undefined ? usual(context) : named(context, asked);
  const { compare: _, noise: _noise, samples: _samples, variant: _variant, ...options } = request.options ?? {};
  const found = new Map<Method, AttributionResult>();
  for (const [i, other] of others.entries()) {
    const plan = other.plan({ bound, request: { ...request, method: other.name, options } });
    const answer = yield* attempted(plan, asked === undefined);
    if (answer !== undefined) found.set(other, answer);
    yield { kind: "progress", fraction: (i + 1) / others.length };
  }
  if (found.size === 0)
    throw new ExplainError("OPTION_INVALID", "No other method can be asked the same question of this model.", { hint: "Leave the measure out." });
  const rows = resultRows(result);
  return Array.from({ length: rows }, (_r, row): Measured => {
    const parts = Object.fromEntries(
      [...found].map(([other, answer]) => [other.name, agreementOf(result, answer, row, isUnsigned(method, request.options) || isUnsigned(other, options))]),
    );
    const known = Object.values(parts).filter((x) => !Number.isNaN(x));
    const lists = [
      { name: method.name, result, unsigned: isUnsigned(method, request.options) },
      ...[...found].map(([other, answer]) => ({ name: other.name, result: answer, unsigned: isUnsigned(other, options) })),
    ];
    return { value: known.length === 0 ? NaN : known.reduce((s, x) => s + x, 0) / known.length, parts, matrix: agreementMatrix(lists, row) };
  });
}

/** Methods for the same kind of credits that are worth comparing with. */
function usual({ method, request }: MeasureContext): readonly Method[] {
  const names =
    kindOf(method) === "input"
      ? ([
          "integratedGradients",
          "deepLift",
          "inputXGradient",
          "featureAblation",
          ...(elements(request) <= mostExactElements ? (["shapleyValues"] as const) : []),
        ] as const)
      : kindOf(method) === "layer"
        ? (["layerConductance", "layerIntegratedGradients", "layerGradientXActivation", "layerFeatureAblation"] as const)
        : (["neuronConductance", "neuronIntegratedGradients", "neuronGradient", "neuronFeatureAblation"] as const);
  return names.flatMap((name) => {
    const other = methods[name];
    return other === undefined || other.name === method.name || (other.needs.target && request.targets === undefined) ? [] : [other];
  });
}

function named({ method }: MeasureContext, asked: unknown): readonly Method[] {
  const list: readonly unknown[] = Array.isArray(asked) ? asked : String(asked).split(",");
  return list.map((name) => {
    const other = Object.values(methods).find((m) => m.name === name);
    if (other !== undefined && kindOf(other) === kindOf(method)) return other;
    throw new ExplainError("OPTION_INVALID", `The credits of ${method.name} can't be compared with those of ${JSON.stringify(name)}.`, {
      hint: `Name methods that credit the same: ${Object.values(methods)
        .filter((m) => kindOf(m) === kindOf(method) && m.name !== method.name)
        .map((m) => m.name)
        .join(", ")}.`,
    });
  });
}

function kindOf({ needs }: Method): "input" | "layer" | "neuron" {
  return needs.neuron ? "neuron" : needs.layer ? "layer" : "input";
}

function elements({ inputs, fixed = [] }: MeasureContext["request"]): number {
  return Object.entries(inputs).reduce((n, [name, t]) => n + (fixed.includes(name) ? 0 : sizeOf(t.dims.slice(1))), 0);
}

/** Runs another method's plan; one that this model has no derivatives for is passed over, unless it was asked for by name. */
function* attempted(plan: Plan, passOver: boolean): Steps<AttributionResult | undefined> {
  try {
    let next = plan.next();
    while (next.done !== true) {
      const step = next.value;
      // A program is compiled when its graph is looked at: here, where what it lacks can be caught.
      if (step.kind === "run") void step.program.graph;
      next = plan.next(step.kind === "run" ? yield step : {});
    }
    return next.value;
  } catch (error) {
    const code = error instanceof ExplainError ? error.diagnostic.code : undefined;
    if (passOver && (code === "UNSUPPORTED_OPERATOR" || code === "NO_GRADIENT_PATH")) return undefined;
    throw error;
  }
}
