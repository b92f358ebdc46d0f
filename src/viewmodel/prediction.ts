import type { Explanation, Result } from "../protocol/explanation.js";
import type { Choice, ExplanationView } from "../protocol/viewModel.js";
import { formatPercent, formatScore } from "./format.js";
import { t } from "../protocol/words.js";

type PredictionView = ExplanationView["prediction"];
type Answered = Pick<Result, "prediction" | "target">;

/** Do the numbers read as probabilities of exclusive classes? */
function areProbabilities(data: readonly number[]): boolean {
  const total = data.reduce((a, b) => a + b, 0);
  return data.length > 1 && data.every((x) => x >= 0 && x <= 1 + 1e-6) && Math.abs(total - 1) < 1e-3;
}

function argmax(data: readonly number[]): number {
  return data.reduce((best, x, i) => (x > (data[best] ?? -Infinity) ? i : best), 0);
}

/** The class an explained element stands for: the last axis of the target, when it fits the prediction's classes. */
function explainedClass(result: Answered): number | null {
  const index = result.target?.index.at(-1);
  return index === undefined || index >= result.prediction.data.length ? null : index;
}

/** What is explained, in words: a label, or the element's name; "… − …" for a difference of two. */
export function targetLabel(explanation: Explanation, result: Result): string {
  const { target } = result;
  if (target === undefined) return "";
  const at = explainedClass(result);
  const own =
    target.label ??
    (at === null ? undefined : result.prediction.labels?.[at]) ??
    (at !== null && result.prediction.data.length > 1 && target.value === result.prediction.value ? t("class {0}", at) : undefined) ??
    `${target.value}[${target.index.join(",")}]`;
  const { versus } = explanation.request;
  return versus === undefined ? own : `${own} − ${result.prediction.labels?.[Number(versus)] ?? (/^\d+$/u.test(versus) ? t("class {0}", versus) : versus)}`;
}

/** The answer: classes in the model's order with their scores, and a sentence. `target` of a class is what a request for it says. */
export function predictionView(result: Answered): PredictionView {
  const { data, labels, value, truth } = result.prediction;
  const answer = truth === undefined ? {} : { truth };
  const explained = explainedClass(result);
  const classes = data.map((score, i) => ({
    label: labels?.[i] ?? (data.length === 1 ? value : t("class {0}", i)),
    score,
    explained: i === explained,
    target: String(i),
  }));
  const best = classes[argmax(data)];
  if (best === undefined) return { classes, sentence: t("The model predicted nothing."), label: "", confidence: "" };
  if (data.length === 1) return { classes, sentence: t("Predicted {0}", formatScore(best.score)), label: formatScore(best.score), confidence: "", ...answer };
  const confidence = areProbabilities(data) ? formatPercent(best.score) : formatScore(best.score);
  return { classes, sentence: t("Predicted {0} {1}", best.label, confidence), label: best.label, confidence, ...answer };
}

/** More classes than this are asked for by name. */
const mostTargets = 30;

/** Targets the panel offers: one a class; of very many the ones with the highest scores, and `kept` in any case. */
export function targetChoices(prediction: PredictionView, kept?: string): Choice[] {
  const { classes } = prediction;
  const top = new Set([...classes].sort((a, b) => b.score - a.score).slice(0, mostTargets));
  return classes.filter((one) => top.has(one) || one.explained || one.target === kept).map(({ label, target }) => ({ id: target, label }));
}

/** What the explained class can be compared with: nothing, or another class. */
export function versusChoices(prediction: PredictionView, versus: string): Choice[] {
  return [
    { id: "", label: t("nothing") },
    ...targetChoices(prediction, versus).filter(({ id }) => !prediction.classes.some((one) => one.explained && one.target === id)),
  ];
}

/** The class a request is compared with, by its number; "" for none. */
export function versusId(explanation: Explanation, prediction: PredictionView): string {
  const { versus } = explanation.request;
  if (versus === undefined) return "";
  return prediction.classes.find(({ target, label }) => target === versus || label === versus)?.target ?? versus;
}
