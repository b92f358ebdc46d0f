import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { Measured } from "../../protocol/explanation.js";
import type { Steps } from "../evaluate.js";
import type { Measure, MeasureContext } from "../measure.js";
import type { AttributionResult } from "../plan.js";
import { eachVariant } from "../variants.js";
import { agreementMatrix, agreementOf, isUnsigned } from "./rankCorrelation.js";
import { resultRows } from "./resultRows.js";

/** The least rank correlation between the credits and those from other baselines. */
export const baselines: Measure = {
  name: "baselines",
  title: "Dependence on the baseline",
  question: "Does another baseline rank the features the same way? (The least rank correlation, 1 when it does.)",
  paper: "https://doi.org/10.23915/distill.00022",
  better: "higher",
  measure,
};

function* measure(context: MeasureContext): Steps<readonly Measured[]> {
  const { request, result, method, plan } = context;
  const alternatives = Object.entries(request.alternatives ?? {});
  if (!method.needs.baseline)
    throw new ExplainError("OPTION_INVALID", `The method ${method.name} has no baseline, so there is nothing that could depend on it.`, {
      hint: "Leave the measure out.",
    });
  if (alternatives.length === 0)
    throw new ExplainError("OPTION_INVALID", "There is no other baseline that the credits could be compared with.", {
      hint: "Name a sample file, or another baseline.",
    });
  const results: AttributionResult[] = [];
  yield* eachVariant(
    context,
    alternatives.length,
    (v) => ({ ...request, baselines: { ...request.baselines, ...present(alternatives[v], "baseline")[1] } }),
    plan,
    (other) => results.push(other),
    true,
  );
  const rows = resultRows(result);
  const unsigned = isUnsigned(method, request.options);
  return Array.from({ length: rows }, (_, row): Measured => {
    const correlations = results.map((other) => agreementOf(result, other, row, unsigned));
    return {
      value: Math.min(...correlations),
      parts: Object.fromEntries(alternatives.map(([words], v) => [words, correlations[v] ?? NaN])),
      matrix: agreementMatrix(
        [{ name: "", result, unsigned }, ...results.map((other, v) => ({ name: alternatives[v]?.[0] ?? "", result: other, unsigned }))],
        row,
      ),
      attributions: Object.fromEntries(
        alternatives.map(([words], v) => [
          words,
          Object.fromEntries(
            Object.entries(results[v]?.attributions ?? {}).map(([name, { dims, data }]) => {
              const size = data.length / rows;
              return [name, { dims: dims.slice(1), data: data.slice(row * size, (row + 1) * size) }];
            }),
          ),
        ]),
      ),
    };
  });
}
