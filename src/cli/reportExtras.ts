import type { ReportExtra } from "../charts/report.js";
import type { Explanation } from "../protocol/explanation.js";
import { creditBars } from "../viewmodel/elements.js";
import { largest } from "../viewmodel/rank.js";

/** More bars than this are no chart. */
const mostBars = 40;

/** What a report shows besides the panel's charts: averages over the rows. */
export function reportExtras({ aggregate, classes = [] }: Explanation): readonly ReportExtra[] {
  return [
    ...averages(aggregate, ""),
    ...classes.flatMap(({ by, label, aggregate: own }) => averages(own, `, ${by === "target" ? "explaining" : "predicted as"} ${label}`)),
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
