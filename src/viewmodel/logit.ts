import type { Result } from "../protocol/explanation.js";
import type { LogitView } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";
import { rankCorrelation } from "./compare.js";
import { formatScore } from "./format.js";
import { withGroups } from "./groupedFeatures.js";
import { inputViews } from "./inputs.js";

/** The same explanation of the value before the last Softmax or Sigmoid, for a probability that has saturated; null where it has not. */
export function logitView(result: Result, roles: ReadonlyMap<string, string>): LogitView | null {
  const { logit, score } = result;
  if (logit === undefined) return null;
  const credits = (own: Pick<Result, "attributions">): readonly number[] => Object.values(own.attributions).flatMap(({ data }) => data);
  const rho = rankCorrelation(credits(result), credits(logit));
  const from = logit.baselineScore === null ? "" : t(" from {0} at the baseline", formatScore(logit.baselineScore));
  const order =
    rho === null
      ? ""
      : rho >= 0.8
        ? t(" Both rank the features alike (rank correlation {0}).", rho.toFixed(2))
        : t(" They rank the features differently (rank correlation {0}): read the logit.", rho.toFixed(2).replace("-", "−"));
  return {
    target: `logit:${logit.target?.index.at(-1) ?? "predicted"}`,
    score: logit.score,
    sentence: `${t("The probability {0} is so close to 0 or 1 that changes hardly show in it; they do in its logit, {1}{2}.", formatScore(score ?? NaN), formatScore(logit.score ?? NaN), from)}${order}`,
    inputs: withGroups(inputViews(logit, roles), logit),
  };
}
