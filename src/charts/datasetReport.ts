import type { DatasetView } from "../viewmodel/dataset.js";
import { barChart } from "./barChart.js";
import { beeswarmChart } from "./beeswarmChart.js";
import { Markup, markup } from "./markup.js";
import { factList, reportPage } from "./reportPage.js";
import { section, tableAlternative, type SectionOptions } from "./sections/section.js";
import { pageTheme } from "./theme.js";
import type { Bar } from "../protocol/viewModel.js";

const width = 640;

/** What a data set's explanations say together, as a page that stands alone (in the panel's frame too): how much each feature matters, where to, in which class, and what was predicted wrongly. */
export function renderDatasetReport(view: DatasetView, { embedded = false }: { readonly embedded?: boolean } = {}): string {
  const options: SectionOptions = { width, theme: pageTheme, interactive: false };
  const bars = (id: string, title: string, note: string, list: readonly Bar[]): Markup =>
    section(id, markup`${title}`, note, [new Markup(barChart(list, { ...options, title })), tableAlternative(id, list, "Feature", options)]);
  const swarm =
    view.swarms.length === 0
      ? null
      : section("beeswarm", markup`Credits of single rows`, "a dot a row, spread over the data", [
          new Markup(beeswarmChart(view.swarms, { ...options, title: "Credits of single rows" })),
        ]);
  const left = [bars("importance", "How much each feature matters", "mean of |credit| over all rows, ± 95 %", view.importance), swarm];
  const right = [
    answersSection(view.answers),
    bars("direction", "Which way it pushes", "mean credit over all rows", view.direction),
    ...view.classes.map(({ label, rows, bars: list }, i) => bars(`class/${i}`, `Predicted as ${label}`, `mean of |credit| over ${rows}`, list)),
  ];
  const heading = markup`<h1>${view.title}</h1>`;
  return reportPage(
    view.title,
    markup`<div class="ep-prediction">${heading}</div>${factList(view.facts)}<div class="ep-columns"><div>${left}</div><div>${right}</div></div>`,
    { embedded },
  );
}

function answersSection(answers: DatasetView["answers"]): Markup | null {
  if (answers === undefined) return null;
  const cells = (row: readonly string[], tag: "td" | "th"): Markup =>
    markup`${row.map((cell, i) => (i === 0 || tag === "th" ? markup`<th scope="${i === 0 && tag === "td" ? "row" : "col"}">${cell}</th>` : markup`<td>${cell}</td>`))}`;
  const table = (caption: string, head: readonly string[], rows: readonly (readonly string[])[]): Markup =>
    markup`<h3>${caption}</h3><div class="ep-scroll" tabindex="0" role="region" aria-label="${caption}"><table class="ep-table"><thead><tr>${cells(head, "th")}</tr></thead><tbody>${rows.map((row) => markup`<tr>${cells(row, "td")}</tr>`)}</tbody></table></div>`;
  return section("answers", markup`Right and wrong`, "", [
    markup`<p>${answers.sentence}</p>`,
    table(
      "True and predicted",
      ["True answer", "Predicted", "Rows", ""],
      answers.confusions.map(({ truth, predicted, rows, right }) => [truth, predicted, rows, right ? "" : "≠"]),
    ),
    answers.wrongest.length === 0
      ? null
      : table(
          "Wrong, the surest first",
          ["Row", "True answer", "Predicted", "Score", "Largest credits"],
          answers.wrongest.map(({ row, truth, predicted, score, reasons }) => [row, truth, predicted, score, reasons]),
        ),
  ]);
}
