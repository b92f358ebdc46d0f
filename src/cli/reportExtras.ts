import type { ReportExtra } from "../charts/report.js";
import type { Explanation, Measured, Result } from "../protocol/explanation.js";
import type { Bar } from "../protocol/viewModel.js";
import { creditBars } from "../viewmodel/elements.js";
import { largest } from "../viewmodel/rank.js";
import { tableNumber } from "./numbers.js";

/** More bars than this are no chart. */
const mostBars = 40;

/** What a report shows besides the panel's charts: averages over the rows, and how far the first result can be trusted. */
export function reportExtras({ aggregate, classes = [], results }: Explanation): readonly ReportExtra[] {
  const [first] = results;
  return [
    ...averages(aggregate, ""),
    ...classes.flatMap(({ by, label, aggregate: own }) => averages(own, `, ${by === "target" ? "explaining" : "predicted as"} ${label}`)),
    ...(first?.measures === undefined ? [] : trust(first.measures)),
  ];
}

function averages(aggregate: Explanation["aggregate"], of: string): readonly ReportExtra[] {
  return Object.entries(aggregate ?? {}).flatMap(([kind, credits]) =>
    Object.entries(credits).map(([name, credit]): ReportExtra => ({
      title: `${kind === "mean" ? "Mean credit" : "Mean absolute credit"} of ${name}${of}`,
      ...(credit.rows === undefined ? {} : { note: `over ${credit.rows} results` }),
      bars: largest(creditBars(credit, credit.interval === undefined ? undefined : { dims: credit.dims, data: credit.interval }), mostBars),
    })),
  );
}

function trust({ infidelity, sensitivity, deletion, insertion, randomisation, agreement, baselines }: NonNullable<Result["measures"]>): readonly ReportExtra[] {
  const bar = (label: string, credit: number, error?: number): Bar => ({ label, value: "", credit, ...(error === undefined ? {} : { error }) });
  const parts = (measured: Measured | undefined, prefix: string): Bar[] =>
    Object.entries(measured?.parts ?? {}).map(([name, value]) => bar(`${prefix} ${name}`, value));
  const correlations = [
    ...parts(agreement, "by"),
    ...parts(baselines, "from"),
    ...(randomisation?.curve?.share ?? []).map((share, i) => bar(`${Math.round(100 * share)} % shuffled weights`, randomisation?.curve?.value[i] ?? NaN)),
  ];
  const areas = [
    ...(deletion === undefined ? [] : [bar("best taken away first", deletion.value), bar("taken by chance", deletion.parts?.["random"] ?? NaN)]),
    ...(insertion === undefined ? [] : [bar("best put in first", insertion.value), bar("put in by chance", insertion.parts?.["random"] ?? NaN)]),
  ];
  const relative = infidelity?.parts?.["relative"];
  const shares = [
    ...(relative === undefined ? [] : [bar("infidelity", relative)]),
    ...(sensitivity === undefined ? [] : [bar("sensitivity", sensitivity.value)]),
  ];
  const value = infidelity === undefined ? "" : `; infidelity itself ${tableNumber(infidelity.value)}`;
  return [
    ...(correlations.length === 0
      ? []
      : [{ title: "The same ranking otherwise?", note: "rank correlation with these credits, 1 for the same order", bars: correlations }]),
    ...(areas.length === 0 ? [] : [{ title: "Do the credited features matter?", note: "mean score on the way (area under the curve)", bars: areas }]),
    ...(shares.length === 0
      ? []
      : [
          {
            title: "How exact are the credits?",
            note: `what credits miss of the change in score, and how far they move with the sample; lower is better${value}`,
            bars: shares,
          },
        ]),
  ];
}
