import type { Diagnostic } from "../base/diagnostic.js";
import type { Result } from "../protocol/explanation.js";

/** A probability this close to 0 or 1 has little float32 gradient left. */
const saturation = 1e-6;
/** The share of the score's change that credits may miss before it is said. */
const tolerated = 0.01;
/** What float32 arithmetic alone may leave. */
const rounding = 1e-5;
const shownRows = 5;

/** Differences of two float32 numbers below this share of them are rounding. */
const resolution = 2 ** -22;

/** Whether a probability is so close to 0 or 1 that float32 has little gradient left. What is no probability, as the margin of a tree ensemble, never is. */
export function isSaturated(probability: number): boolean {
  return Math.abs(probability - 1) < saturation || (probability < saturation && probability >= 0);
}

/** What a reader of these results should know before trusting them; one remark a kind, naming the rows. */
export function remarks(
  results: readonly Result[],
  facts: {
    readonly converged: readonly boolean[];
    readonly probabilities: string | undefined;
    readonly beforeLast: string | undefined;
    readonly layer: boolean;
    /** The method gives credits, not plain values such as activations. Default true. */
    readonly credits?: boolean;
    /** The credits were estimated from random draws. */
    readonly drawn?: boolean;
  },
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const rowsWhere = (test: (r: Result, i: number) => boolean): readonly number[] => [...new Set(results.filter(test).map((r) => r.row))];

  const notFinite = rowsWhere((r) => !hasFiniteScores(r) || Object.values(r.attributions).some((c) => !c.data.every(Number.isFinite)));
  if (notFinite.length > 0)
    found.push({
      code: "NOT_FINITE",
      severity: "warning",
      message: `${inRows(notFinite)} some numbers are not finite (NaN or infinite): the model or its gradient is undefined there.`,
      hint: "Check the sample's values for missing or extreme ones, or choose another baseline.",
    });
  // What flows past a layer is not the layer's: its credits need not add up to the whole change.
  const incomplete = facts.layer ? [] : rowsWhere((r) => missed(r) > 0);
  if (incomplete.length > 0)
    found.push({
      code: "NOT_COMPLETE",
      severity: "warning",
      message: `${inRows(incomplete)} the credits don't add up to the change of the score (they miss up to ${percent(Math.max(...results.map(missed)))} of it).`,
      hint: "Use the adaptive rule (the default), more steps, or explain the value before the last Softmax or Sigmoid.",
    });
  const unsettled = rowsWhere((_, i) => facts.converged[i] === false);
  if (unsettled.length > 0)
    found.push({
      code: "NOT_CONVERGED",
      severity: "warning",
      message: `${inRows(unsettled)} the estimated error stayed above the tolerance; the error of each credit stands beside it.`,
      hint:
        facts.drawn === true
          ? "Draw more (--option samples=…), or accept wider intervals (--option tolerance=…)."
          : "A jump or a very narrow peak lies on the path. Try another baseline or the value before the last Softmax or Sigmoid.",
    });
  const saturates = (r: Result): boolean => r.target !== undefined && r.target.value === facts.probabilities && r.score !== null && isSaturated(r.score);
  const still = rowsWhere(isUnchanged);
  if (still.length > 0)
    found.push({
      code: "NO_CHANGE",
      severity: "warning",
      message: `${inRows(still)} the score is the same at the baseline as at the sample: there is no change to share out, so credits are 0 or cancel each other.`,
      hint: "Choose another baseline. If the sample is not the baseline itself, the score does not depend on what was moved, or it is clipped or rounded.",
    });
  const empty = facts.credits === false ? [] : rowsWhere((r) => !isUnchanged(r) && !saturates(r) && hasNoCredit(r));
  if (empty.length > 0)
    found.push({
      code: "NO_CREDIT",
      severity: "warning",
      message: `${inRows(empty)} every credit is exactly 0: seen by this method, nothing has any influence there.`,
      hint: "The score may be constant, clipped, rounded or saturated around the sample. A method that follows a path or moves several values at once (integratedGradients, shapleyValues) sees further.",
    });
  const saturated = rowsWhere(saturates);
  if (saturated.length > 0)
    found.push({
      code: "SATURATED",
      severity: "info",
      message: `${inRows(saturated)} the probability is so close to 0 or 1 that its gradient is nearly gone in float32.`,
      hint:
        facts.beforeLast === undefined
          ? "Explain the value before the last Softmax or Sigmoid instead."
          : `The logit "${facts.beforeLast}" is explained beside it; alone with --target logit:predicted.`,
    });
  return found;
}

/** Whether the model gave numbers at the sample and at the baseline. Minus infinity beside the explained score is how models rule classes out. */
function hasFiniteScores({ score, baselineScore, prediction }: Result): boolean {
  return Number.isFinite(score ?? 0) && Number.isFinite(baselineScore ?? 0) && prediction.data.every((x) => x < Infinity);
}

/** Whether the score is the same at both ends, as far as its numbers tell: those of float32 have a last digit. */
function isUnchanged({ score, baselineScore }: Result): boolean {
  if (score === null || baselineScore === null) return false;
  const single = Math.fround(score) === score && Math.fround(baselineScore) === baselineScore;
  return Math.abs(score - baselineScore) <= (single ? resolution : 0) * Math.max(Math.abs(score), Math.abs(baselineScore));
}

function hasNoCredit({ attributions }: Result): boolean {
  const credits = Object.values(attributions);
  return credits.some((c) => c.data.length > 0) && credits.every((c) => c.data.every((x) => x === 0));
}

/** The share of the score's change that the credits miss, when it is more than is tolerated; else 0. */
function missed({ delta, score, baselineScore, attributions }: Result): number {
  if (typeof delta !== "number" || score === null || baselineScore === null) return 0;
  const change = Math.abs(score - baselineScore);
  const largest = Object.values(attributions).reduce((most, c) => c.data.reduce((m, x) => Math.max(m, Math.abs(x)), most), 0);
  const floor = rounding * Math.max(largest, Math.abs(score), Math.abs(baselineScore));
  const error = Math.abs(delta);
  return error > Math.max(tolerated * change, floor) ? error / Math.max(change, Number.MIN_VALUE) : 0;
}

function inRows(rows: readonly number[]): string {
  if (rows.length === 1) return `In row ${rows[0]}`;
  return `In ${rows.length} rows (${rows.slice(0, shownRows).join(", ")}${rows.length > shownRows ? ", …" : ""})`;
}

function percent(share: number): string {
  return share > 10 ? "more than ten times" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** What there is no average of, because rows differ in its length. */
export function unevenRemark(names: readonly string[]): readonly Diagnostic[] {
  if (names.length === 0) return [];
  const list = names.map((name) => `"${name}"`).join(", ");
  return [{ code: "INPUT_INVALID", severity: "info", message: `The rows differ in the length of ${list}, so there is no average of it.` }];
}

/** Each remark once. */
export function uniqueRemarks(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return all.filter((d) => {
    const key = `${d.code} ${d.message} ${d.node ?? ""}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
