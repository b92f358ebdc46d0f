import type { BatchSummary } from "../protocol/batch.js";
import type { CreditsView, DriversView } from "../protocol/manyView.js";
import type { GroupSummary } from "../protocol/summary.js";
import { t } from "../protocol/words.js";
import { formatPercent, formatScore, formatSmall } from "./format.js";
import { creditsView, driversView, rowsText } from "./manyCredits.js";
import { methodLabel } from "./names.js";

const mostBars = 20;
const classBars = 10;

/** What the report of a data set shows. */
export interface DatasetView {
  readonly title: string;
  readonly facts: readonly (readonly [term: string, value: string])[];
  readonly all: CreditsView;
  readonly classes: readonly { readonly label: string; readonly rows: string; readonly credits: CreditsView }[];
  /** Null without both right and wrong predictions. */
  readonly drivers: DriversView | null;
  /** Absent without true answers. */
  readonly answers?: {
    readonly sentence: string;
    readonly confusions: readonly { readonly truth: string; readonly predicted: string; readonly rows: string; readonly right: boolean }[];
    readonly wrongest: readonly {
      readonly row: string;
      readonly truth: string;
      readonly predicted: string;
      readonly score: string;
      readonly reasons: string;
    }[];
  };
}

/** A data set's summary in the words and marks of the report. */
export function datasetView(summary: BatchSummary): DatasetView {
  const { rows, drawnFrom = rows, rejected, judged, wrong, classes, drivers, confusions, wrongest } = summary;
  return {
    title: t("{0} explained by {1}", summary.samples, summary.model),
    facts: [
      [t("Model"), summary.model],
      [t("Data"), [summary.samples, rowsText(drawnFrom), ...(rejected === 0 ? [] : [t("{0} more could not be explained", count(rejected))])].join(", ")],
      ...(drawnFrom === rows ? [] : [[t("Summary"), t("of {0} rows drawn at random", count(rows))] as const]),
      [t("Method"), methodLabel(summary.method)],
      ...(summary.baseline === "" ? [] : [[t("Baseline"), summary.baseline] as const]),
      ...(summary.delta === null ? [] : [[t("Largest gap of a sum"), formatSmall(summary.delta)] as const]),
    ],
    all: creditsView(strongest(summary, mostBars), { chosen: false }),
    classes:
      classes.length < 2
        ? []
        : classes.map((one) => ({
            label: one.label,
            rows: rowsText(one.rows),
            credits: creditsView(strongest(one, classBars), { chosen: false }),
          })),
    drivers: drivers === null ? null : driversView({ ...drivers, features: drivers.features.slice(0, mostBars) }),
    ...(judged === null
      ? {}
      : {
          answers: {
            sentence: t(
              "{0} of {1} predictions ({2}) agree with the data's own answer; {3} do not.",
              count(judged - wrong),
              count(judged),
              formatPercent((judged - wrong) / judged),
              count(wrong),
            ),
            confusions: confusions.map((one) => ({
              truth: one.truth,
              predicted: one.predicted,
              rows: count(one.rows),
              right: one.truth.trim().toLowerCase() === one.predicted.trim().toLowerCase(),
            })),
            wrongest: wrongest.map(({ row, id, truth, predicted, score, reasons }) => ({
              row: id === null ? String(row) : `${row} (${id})`,
              truth,
              predicted,
              score: formatScore(score),
              reasons: reasons.map(({ label, credit }) => `${label} ${credit < 0 ? "−" : "+"}${formatSmall(credit)}`).join(", "),
            })),
          },
        }),
  };
}

const count = (n: number): string => n.toLocaleString("en");

function strongest(group: GroupSummary, most: number): GroupSummary {
  return { ...group, features: group.features.slice(0, most) };
}
