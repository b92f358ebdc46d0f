import { t } from "../protocol/words.js";
import type { DatasetView } from "../viewmodel/dataset.js";
import { markup, type Markup } from "./markup.js";
import { factList } from "./factList.js";
import { reportPage } from "./reportPage.js";
import { classFigure, creditFigures, driversFigures, type Figure } from "./sections/creditFigures.js";
import { section, type SectionOptions } from "./sections/section.js";
import { pageTheme } from "./theme.js";

const width = 640;

const sectionOf = ({ id, title, note, body }: Figure): Markup => section(id, markup`${title}`, note, body);

/** What a data set's explanations say together, as a page that stands alone (in the panel's frame too): how much each feature matters, where to, in which class, and what was predicted wrongly. */
export function renderDatasetReport(view: DatasetView, { embedded = false }: { readonly embedded?: boolean } = {}): string {
  const options: SectionOptions = { width, theme: pageTheme, interactive: false };
  const figures = creditFigures(view.all, options);
  const aside = figures.filter(({ id }) => id === "direction");
  const left = figures.filter((figure) => !aside.includes(figure)).map(sectionOf);
  const right = [
    answersSection(view.answers),
    ...[
      ...driversFigures(view.drivers, options),
      ...aside,
      ...view.classes.map(({ label, rows, credits }, i) => classFigure(credits, `class/${i}`, label, rows, options)),
    ].map(sectionOf),
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
  return section("answers", markup`${t("Right and wrong")}`, "", [
    markup`<p>${answers.sentence}</p>`,
    table(
      t("True and predicted"),
      [t("True answer"), t("Predicted"), t("Rows"), ""],
      answers.confusions.map(({ truth, predicted, rows, right }) => [truth, predicted, rows, right ? "" : "≠"]),
    ),
    answers.wrongest.length === 0
      ? null
      : table(
          t("Wrong, the surest first"),
          [t("Row"), t("True answer"), t("Predicted"), t("Score"), t("Largest credits")],
          answers.wrongest.map(({ row, truth, predicted, score, reasons }) => [row, truth, predicted, score, reasons]),
        ),
  ]);
}
