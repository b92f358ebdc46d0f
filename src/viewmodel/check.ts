import type { Explanation, Result } from "../protocol/explanation.js";
import type { Check } from "../protocol/viewModel.js";
import { formatDuration, formatPercent, formatScore, formatSmall } from "./format.js";
import { t } from "../protocol/words.js";

/** Beyond this part of the largest credit (or of the change in score) a gap is worth a warning. */
const acceptable = 0.01;
/** What float32 may be off by, as a part of the largest number that was added up. */
const rounding = 1e-5;

const finite = (x: number | null | undefined): x is number => typeof x === "number" && Number.isFinite(x);

/** The gap of a result; with one path an input, the widest of them. */
function widest(delta: Result["delta"]): number | null {
  if (delta === null || typeof delta === "number") return delta;
  return Object.values(delta).reduce<number | null>((most, next) => (most === null || Math.abs(next) > Math.abs(most) ? next : most), null);
}

/** The largest error estimate as a part of the largest credit; null without estimates. */
function relativeError(result: Result): number | null {
  const credits = Object.values(result.attributions).flatMap((credit) => credit.data);
  const errors = Object.values(result.error ?? {}).flatMap((error) => error.data);
  if (errors.length === 0) return null;
  const size = (values: readonly number[]): number => values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const largest = size(credits);
  return largest === 0 ? null : size(errors) / largest;
}

function points(count: number): string {
  return count > 0 ? (count === 1 ? t("; 1 point") : t("; {0} points", count)) : "";
}

/** The size of the error bars as part of a sentence. */
const bounded = (error: number): string => `≤ ${formatPercent(error)}`.replace("≤ <", "<");

function partialSentence(result: Result, error: number | null): string {
  const bound = error === null ? "" : t(", error {0} of the largest credit", bounded(error));
  const count = result.points === 1 ? t("1 point") : t("{0} points", result.points);
  return t("First picture after {0}{1}; the error bars shrink until the tolerance is met.", count, bound);
}

const advice = (): string => t("Try another baseline, or more points (option tolerance, or rule and steps); rely on the order of the largest credits only.");

function sentence(result: Result, state: Check["state"], delta: number | null, error: number | null, codes: ReadonlySet<string>, milliseconds: number): string {
  const { score, baselineScore } = result;
  if (codes.has("NOT_FINITE")) return t("Not a number: some credits could not be computed. Look at the remarks below, then try another baseline or sample.");
  if (codes.has("NO_CHANGE") && finite(score) && finite(baselineScore))
    return t("Nothing to share out: the score is {0} at the baseline as well{1}. Choose another baseline.", formatScore(baselineScore), points(result.points));
  if (delta === null || !finite(score)) {
    return t("No sum to check: this method shows influence, not shares of the score{0}.", points(result.points));
  }
  const bound = error === null ? "" : t("; error {0} of the largest credit", bounded(error));
  const rest = `${points(result.points)} ${t("in {0}", formatDuration(milliseconds))}${bound}.`;
  const gap = formatSmall(delta);
  if (sharesScore(result)) {
    const sum = t("{0} of the score {1}", formatScore(score + delta), formatScore(score));
    return state === "good"
      ? t("Adds up to the score: {0}, off by {1}{2}", sum, gap, rest)
      : t("The credits hold {0}{1} Biases and what is held took or gave the rest.", sum, rest);
  }
  if (!finite(baselineScore)) {
    // Each input has its own path and starting point.
    return state === "good"
      ? t("Adds up for each input by itself, off by at most {0}{1}", gap, rest)
      : `${t("Does not add up for each input by itself: off by up to {0}{1}", gap, rest)} ${advice()}`;
  }
  const equation = `${formatScore(score)} − ${formatScore(baselineScore)} = ${formatScore(score - baselineScore)}`;
  if (state === "good") return t("Adds up: {0}, off by {1}{2}", equation, gap, rest);
  if (codes.has("NOT_CONVERGED"))
    return `${result.points > 0 ? t("Not settled after {0} points: off by {1} of {2}{3}.", result.points, gap, equation, bound) : t("Not settled: off by {0} of {1}{2}.", gap, equation, bound)} ${advice()}`;
  return `${t("Does not add up: {0}, but the credits miss it by {1}{2}", equation, gap, rest)} ${advice()}`;
}

/** Relevance divides up the score itself, not its change from a baseline; that biases keep a part of it is no fault. */
function sharesScore({ delta, baselineScore }: Result): boolean {
  return typeof delta === "number" && !finite(baselineScore);
}

/** Can the numbers be trusted: the completeness gap, the error estimate and the engine's own remarks, in one sentence. `partial`: the estimate is still being refined. */
export function buildCheck(explanation: Explanation, result: Result, partial = false): Check {
  const codes = new Set<string>(explanation.diagnostics.map((diagnostic) => diagnostic.code));
  const delta = widest(result.delta);
  const error = relativeError(result);
  const relevance = sharesScore(result);
  const change = !finite(result.score)
    ? 0
    : finite(result.baselineScore)
      ? Math.abs(result.score - result.baselineScore)
      : relevance
        ? Math.abs(result.score)
        : 0;
  const largest = Object.values(result.attributions).reduce((most, credit) => credit.data.reduce((m, x) => Math.max(m, Math.abs(x)), most), 0);
  const scale = Math.max(Math.abs(result.score ?? 0), Math.abs(result.baselineScore ?? 0));
  const off = delta !== null && !(Math.abs(delta) <= Math.max(acceptable * Math.max(change, largest), rounding * scale));
  const warned = ["NOT_CONVERGED", "NOT_COMPLETE", "NOT_FINITE"].some((code) => codes.has(code));
  const state = partial ? "partial" : warned || (off && !relevance) ? "poor" : delta === null || off || codes.has("NO_CHANGE") ? "none" : "good";
  const { load, compile, run } = explanation.milliseconds;
  const milliseconds = load + compile + run;
  return {
    state,
    sentence: partial ? partialSentence(result, error) : sentence(result, state, delta, error, codes, milliseconds),
    score: result.score,
    baselineScore: result.baselineScore,
    delta,
    points: result.points,
    largestError: error,
    milliseconds,
  };
}
