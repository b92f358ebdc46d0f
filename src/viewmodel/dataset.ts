import type { BatchSummary, FeatureSummary } from "../protocol/batch.js";
import type { Bar, SwarmRow } from "../protocol/viewModel.js";
import { formatPercent, formatScore, formatSmall, formatValue } from "./format.js";

const mostBars = 20;
const classBars = 10;

/** What the report of a data set shows. */
export interface DatasetView {
  readonly title: string;
  readonly facts: readonly (readonly [term: string, value: string])[];
  readonly importance: readonly Bar[];
  readonly direction: readonly Bar[];
  readonly classes: readonly { readonly label: string; readonly rows: string; readonly bars: readonly Bar[] }[];
  readonly swarms: readonly SwarmRow[];
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
  const { rows, rejected, judged, wrong, features, classes, confusions, wrongest } = summary;
  const count = (n: number): string => n.toLocaleString("en");
  return {
    title: `${summary.samples} explained by ${summary.model}`,
    facts: [
      ["Model", summary.model],
      ["Data", `${summary.samples}, ${count(rows)} row${rows === 1 ? "" : "s"}${rejected > 0 ? `, ${count(rejected)} more could not be explained` : ""}`],
      ["Method", summary.method],
      ...(summary.baseline === "" ? [] : [["Baseline", summary.baseline] as const]),
      ...(summary.delta === null ? [] : [["Largest gap of a sum", formatSmall(summary.delta)] as const]),
    ],
    importance: features.slice(0, mostBars).map(sizeBar),
    direction: features.slice(0, mostBars).map(({ label, mean }) => ({ label, value: "", credit: mean })),
    classes:
      classes.length < 2
        ? []
        : classes.map(({ label, rows: own, features: list }) => ({ label, rows: `${count(own)} rows`, bars: list.slice(0, classBars).map(sizeBar) })),
    swarms: summary.swarms.map(swarmRow),
    ...(judged === null
      ? {}
      : {
          answers: {
            sentence: `${count(judged - wrong)} of ${count(judged)} predictions (${formatPercent((judged - wrong) / judged)}) agree with the data's own answer; ${count(wrong)} do not.`,
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

function sizeBar({ label, meanAbs, interval, rows }: FeatureSummary): Bar {
  return { label, value: "", credit: meanAbs, ...(rows < 2 ? {} : { error: interval }) };
}

/** Values as levels between a feature's lowest and highest, by their order: one outlier must not make all others alike. */
function swarmRow({ label, dots }: BatchSummary["swarms"][number]): SwarmRow {
  const numbers = dots.map(([, , value]) => (typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN));
  const sorted = [...new Set(numbers.filter(Number.isFinite))].sort((a, b) => a - b);
  const level = (value: number): number | null => (Number.isFinite(value) && sorted.length > 1 ? place(sorted, value) / (sorted.length - 1) : null);
  return {
    label,
    dots: dots.map(([row, credit, value], i) => {
      const shown = value === null ? "" : typeof value === "number" ? formatValue(value) : value;
      return { credit, level: level(numbers[i] ?? NaN), ...(dots.length > 2000 ? {} : { title: `row ${row}${shown === "" ? "" : `, ${label} = ${shown}`}` }) };
    }),
  };
}

function place(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
