import type { Measured, Result } from "../protocol/explanation.js";
import { measureNames, type MeasureName } from "../protocol/names.js";
import type { TrustMeasure, TrustVerdict } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";
import { formatPercent, formatScore, formatSmall } from "./format.js";
import { baselineLabel, methodLabel } from "./names.js";

type Found = NonNullable<TrustMeasure["found"]>;

/** Rank correlations from here on are called alike, those below not. */
const alike = 0.8;
const related = 0.5;
/** Shares up to here are called small, those beyond large. */
const small = 0.1;
const large = 0.5;

/** Titles and questions in the order in which measures are offered: first what is quick and easily read. */
const offers: Readonly<Record<MeasureName, () => Pick<TrustMeasure, "title" | "question">>> = {
  deletion: () => ({
    title: t("Take the most credited away"),
    question: t("How fast does the score fall when the most credited features are taken away first?"),
  }),
  insertion: () => ({
    title: t("Put the most credited in"),
    question: t("How fast does the score rise when the most credited features are put into the baseline first?"),
  }),
  infidelity: () => ({
    title: t("Infidelity"),
    question: t("Do the credits of some features say what the score changes by when those are replaced by their baseline?"),
  }),
  sensitivity: () => ({ title: t("Max-sensitivity"), question: t("By what share do the credits change at most when the sample is changed a little?") }),
  baselines: () => ({ title: t("Dependence on the baseline"), question: t("Does another baseline rank the features the same way?") }),
  agreement: () => ({ title: t("Agreement between methods"), question: t("Do other methods rank the features the same way?") }),
  randomisation: () => ({ title: t("Shuffled weights"), question: t("Do the credits stay the same when what the model has learned is destroyed?") }),
};
const order: readonly MeasureName[] = ["deletion", "insertion", "infidelity", "sensitivity", "baselines", "agreement", "randomisation"];

const correlation = (x: number): string => (Number.isFinite(x) ? x.toFixed(2).replace("-", "−") : "n/a");
const byCorrelation = (x: number): TrustVerdict => (Number.isNaN(x) ? "unknown" : x >= alike ? "good" : x >= related ? "fair" : "poor");
const byShare = (x: number): TrustVerdict => (Number.isNaN(x) ? "unknown" : x <= small ? "good" : x <= large ? "fair" : "poor");

type Reading = readonly [TrustVerdict, string];

/** How far a curve's area is from that of chance, as a part of all that the score moves on the way. */
function curveReading(name: "deletion" | "insertion", { value, parts, curve }: Measured): Reading {
  const all = [...(curve?.value ?? []), ...(curve?.chance ?? [])];
  const way = Math.max(...all) - Math.min(...all);
  const chance = parts?.["random"] ?? NaN;
  if (!(way > 0)) return ["unknown", t("The score is the same with and without the features, so there is no curve to read.")];
  const ahead = (name === "deletion" ? chance - value : value - chance) / way;
  const verdict = ahead > 0.1 ? "good" : ahead > 0 ? "fair" : "poor";
  const numbers = t("Area {0}, by chance {1}", formatScore(value), formatScore(chance));
  const sentences = {
    deletion: {
      good: t("the score falls faster than by chance, so the credited features matter."),
      fair: t("the score falls little faster than by chance: the order of the credits says little."),
      poor: t("the score falls no faster than by chance: don't rely on the order of the credits."),
    },
    insertion: {
      good: t("the score rises faster than by chance, so the credited features suffice sooner."),
      fair: t("the score rises little faster than by chance: the order of the credits says little."),
      poor: t("the score rises no faster than by chance: don't rely on the order of the credits."),
    },
  };
  return [verdict, `${numbers}: ${sentences[name][verdict]}`];
}

const readings: Readonly<Record<MeasureName, (measured: Measured) => Reading>> = {
  deletion: (measured) => curveReading("deletion", measured),
  insertion: (measured) => curveReading("insertion", measured),
  infidelity: ({ value, parts }) => {
    const relative = parts?.["relative"] ?? NaN;
    const verdict = byShare(relative);
    const share = formatPercent(relative);
    if (verdict === "unknown") return [verdict, t("The score does not change when features are taken away, so there is nothing to miss.")];
    const words = {
      good: t("The credits of features say what taking them away does: they miss {0} of it (infidelity {1}).", share, formatSmall(value)),
      fair: t("Roughly: the credits miss {0} of what taking features away does (infidelity {1}).", share, formatSmall(value)),
      poor: t("The credits don't say what taking features away does: they miss {0} of it (infidelity {1}).", share, formatSmall(value)),
    };
    return [verdict, words[verdict]];
  },
  sensitivity: ({ value }) => {
    const verdict = byShare(value);
    const share = formatPercent(value);
    const words = {
      good: t("Steady: near this sample the credits change by at most {0} of their size.", share),
      fair: t("Near this sample the credits change by up to {0} of their size: rely on the largest only.", share),
      poor: t("Unsteady: near this sample the credits change by up to {0} of their size.", share),
      unknown: t("There is no credit whose change could be measured."),
    };
    return [verdict, words[verdict]];
  },
  baselines: ({ value, parts = {} }) => {
    const verdict = byCorrelation(value);
    const list = Object.entries(parts)
      .map(([name, x]) => `${baselineLabel(name)} ${correlation(x)}`)
      .join(", ");
    const words = {
      good: t("The same order from other baselines: rank correlation at least {0} ({1}).", correlation(value), list),
      fair: t("Other baselines change the order somewhat: rank correlation down to {0} ({1}).", correlation(value), list),
      poor: t("The answer depends on the baseline: rank correlation down to {0} ({1}). Choose the one that means “absent” here.", correlation(value), list),
      unknown: t("The credits don't differ from each other, so they have no order to compare."),
    };
    return [verdict, words[verdict]];
  },
  agreement: ({ value, parts = {} }) => {
    const verdict = byCorrelation(value);
    const count = Object.keys(parts).length;
    if (count === 1 && verdict !== "unknown") {
      const [other = ""] = Object.keys(parts);
      return [verdict, t("{0} ranks the features with a rank correlation of {1} to this.", methodLabel(other), correlation(value))];
    }
    const words = {
      good: t("{0} other methods rank the features alike: mean rank correlation {1}.", count, correlation(value)),
      fair: t("{0} other methods agree in part: mean rank correlation {1}. Trust what they share.", count, correlation(value)),
      poor: t("{0} other methods rank the features otherwise: mean rank correlation {1}. They answer different questions here.", count, correlation(value)),
      unknown: t("The credits don't differ from each other, so they have no order to compare."),
    };
    return [verdict, words[verdict]];
  },
  randomisation: ({ value }) => {
    const size = Math.abs(value);
    const verdict: TrustVerdict = Number.isNaN(value) ? "good" : size < related ? "good" : size < alike ? "fair" : "poor";
    const words = {
      good: t("With all weights shuffled the order is another one (rank correlation {0}): the credits show what the model has learned.", correlation(value)),
      fair: t("With all weights shuffled the order stays in part (rank correlation {0}): some of it is the sample, not the model.", correlation(value)),
      poor: t("With all weights shuffled the order stays (rank correlation {0}): the credits say little of what the model has learned.", correlation(value)),
    };
    return [verdict, words[verdict]];
  },
};

function foundOf(name: MeasureName, measured: Measured): Found {
  const [verdict, sentence] = readings[name](measured);
  const { value, error, curve, matrix } = measured;
  const label = (one: string): string => (name === "agreement" ? methodLabel(one) : one === "" ? t("as shown") : baselineLabel(one));
  return {
    sentence,
    verdict,
    value,
    ...(error === undefined ? {} : { error }),
    ...(curve === undefined ? {} : { curve }),
    ...(matrix === undefined ? {} : { matrix: { names: matrix.names.map(label), values: matrix.values } }),
  };
}

/** Every measure of a result: what it found, why there is no such number, or the offer to take it. Undefined where the answer is of no target. */
export function trustMeasures(result: Result, refused: Readonly<Partial<Record<MeasureName, string>>> = {}): readonly TrustMeasure[] | undefined {
  if (result.target === undefined && result.measures === undefined) return undefined;
  return [...order, ...measureNames.filter((name) => !order.includes(name))].map((name): TrustMeasure => {
    const measured = result.measures?.[name];
    const why = refused[name];
    return {
      name,
      ...offers[name](),
      ...(measured === undefined ? {} : { found: foundOf(name, measured) }),
      ...(why === undefined || measured !== undefined ? {} : { refused: why }),
    };
  });
}
