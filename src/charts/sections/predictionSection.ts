import type { ExplanationView } from "../../protocol/viewModel.js";
import { formatScore } from "../../viewmodel/format.js";
import { classChart, shownClasses } from "../classChart.js";
import { Markup, markup } from "../markup.js";
import type { SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

const widest = 460;

/** The answer in one sentence and, for several classes, a bar each. */
export function predictionSection(view: ExplanationView, options: SectionOptions): Markup {
  const { prediction } = view;
  const explained = prediction.classes.some((one) => one.explained && one.label === prediction.label);
  const heading =
    prediction.label === undefined || prediction.label === ""
      ? markup`<h1 data-test="prediction-label">${prediction.sentence}</h1>`
      : markup`<h1>${t("Predicted")} <strong${explained ? markup` class="ep-explained"` : null} data-test="prediction-label">${prediction.label}</strong> <span class="ep-confidence" data-test="prediction-confidence">${prediction.confidence ?? ""}</span></h1>`;
  const hidden = prediction.classes.length - shownClasses(prediction.classes).length;
  const chart =
    prediction.classes.length < 2
      ? null
      : new Markup(classChart(prediction.classes, { ...options, width: Math.min(widest, options.width), title: t("Classes") }));
  return markup`<section class="ep-prediction" aria-label="${t("Prediction")}">${heading}<p class="ep-note ep-sample" data-test="sample">${view.sample}</p>${truthLine(prediction.truth)}${chart}${
    hidden > 0 ? markup`<p class="ep-note">${t("and {0} classes with lower scores", hidden)}</p>` : null
  }${
    view.target === ""
      ? null
      : markup`<p class="ep-explains">${t("Explains")} <strong data-test="target">${view.target}</strong>${view.check.score === null ? null : markup` <span class="ep-note">${t("(score {0})", formatScore(view.check.score))}</span>`}</p>`
  }</section>`;
}

/** The file's own answer, and whether the model agrees: said in words, so that no colour has to. */
function truthLine(truth: ExplanationView["prediction"]["truth"]): Markup | null {
  if (truth === undefined) return null;
  const { label, right } = truth;
  const verdict =
    right === undefined ? null : right ? markup`: ${t("the prediction is right")}` : markup`: ${t("the prediction is")} <strong>${t("wrong")}</strong>`;
  return markup`<p class="ep-note" data-test="truth" data-right="${right === undefined ? "unknown" : String(right)}">${t("The true answer is")} <strong data-test="truth-label">${label}</strong>${verdict}</p>`;
}
