import type { CreditsView, DriversView, PictureView } from "../../protocol/manyView.js";
import { fewestWordRows } from "../../protocol/summary.js";
import type { Bar } from "../../protocol/viewModel.js";
import { t } from "../../protocol/words.js";
import { barChart } from "../barChart.js";
import { beeswarmChart } from "../beeswarmChart.js";
import { imageChart } from "../imageChart.js";
import { Markup, markup } from "../markup.js";
import { shareChart } from "../shareChart.js";
import { tableAlternative, type SectionOptions } from "./section.js";

/** A chart of many rows with its heading; a report makes a section of it, the panel a part of one. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly body: readonly Markup[];
}

interface Place {
  /** In front of the figures' ids, which are the page's. */
  readonly prefix?: string;
  /** The row that is explained: its dots stand out. */
  readonly row?: number;
}

const widestPicture = 280;

/** How much each feature matters, in which direction, and the credits of single rows; pictures as heat maps; the share of each input. */
export function creditFigures(credits: CreditsView, options: SectionOptions, { prefix = "", row }: Place = {}): readonly Figure[] {
  const { importance, direction, swarms, pictures, shares, words } = credits;
  const feature = words ? t("Word") : t("Feature");
  const only = words ? t(", words in at least {0} rows", fewestWordRows) : "";
  const bars = (id: string, title: string, note: string, list: readonly Bar[]): readonly Figure[] =>
    list.length === 0 ? [] : [{ id: `${prefix}${id}`, title, note, body: barsBody(`${prefix}${id}`, title, list, feature, options) }];
  return [
    ...sharesFigure(shares, `${prefix}shares`, options),
    ...picturesFigure(pictures, `${prefix}pictures`, t("Where the credit is"), t("mean of |credit| of each pixel"), true, options),
    ...bars("importance", t("How much each feature matters"), `${t("mean of |credit| over the rows, ± 95 %")}${only}`, importance),
    ...bars("direction", t("Which way it pushes"), `${t("mean credit over the rows, ± 95 %")}${only}`, direction),
    ...(swarms.every(({ dots }) => dots.length === 0) ? [] : [swarmFigure(swarms, `${prefix}beeswarm`, options, row)]),
  ];
}

/** The same of one class, in short: how much each feature matters, or each pixel. */
export function classFigure(credits: CreditsView, id: string, label: string, rows: string, options: SectionOptions): Figure {
  const title = t("Predicted as {0}", label);
  return {
    id,
    title,
    note: t("mean of |credit| over {0}", rows),
    body: [
      ...credits.pictures.map((picture) => pictureBody(picture, title, true, options)),
      ...(credits.importance.length === 0 ? [] : barsBody(id, title, credits.importance, credits.words ? t("Word") : t("Feature"), options)),
    ],
  };
}

/** What sets wrong predictions apart from right ones; none where there is nothing to compare. */
export function driversFigures(drivers: DriversView | null, options: SectionOptions, prefix = ""): readonly Figure[] {
  if (drivers === null) return [];
  const title = t("What drives wrong answers");
  const note = t("mean credit of wrong minus that of right predictions: {0}", drivers.rows);
  const id = `${prefix}drivers`;
  return [
    ...picturesFigure(drivers.pictures, `${prefix}driver-pictures`, title, note, false, options),
    ...(drivers.bars.length === 0 ? [] : [{ id, title, note: `${note}${t(", ± 95 %")}`, body: barsBody(id, title, drivers.bars, t("Feature"), options) }]),
  ];
}

function barsBody(id: string, title: string, list: readonly Bar[], heading: string, options: SectionOptions): readonly Markup[] {
  return [new Markup(barChart(list, { ...options, interactive: false, title })), tableAlternative(id, list, heading, options)];
}

function sharesFigure(shares: CreditsView["shares"], id: string, options: SectionOptions): readonly Figure[] {
  if (shares.length === 0) return [];
  const title = t("Share of each input in the credit");
  const chart = new Markup(shareChart(shares, { ...options, interactive: false, title }));
  return [{ id, title, note: t("part of all |credit|, mean of its sum"), body: [markup`<div class="ep-shares">${chart}</div>`] }];
}

function picturesFigure(
  pictures: readonly PictureView[],
  id: string,
  title: string,
  note: string,
  absolute: boolean,
  options: SectionOptions,
): readonly Figure[] {
  if (pictures.length === 0) return [];
  const body = pictures.map((picture) => pictureBody(picture, title, absolute, options));
  const tables = pictures.map(({ name, bars }) => tableAlternative(`${id}/${name}`, bars, t("Pixel"), options));
  return [{ id, title, note, body: [...body, ...tables] }];
}

function pictureBody({ name, pixels }: PictureView, title: string, absolute: boolean, options: SectionOptions): Markup {
  const width = Math.min(widestPicture, options.width);
  const chart = imageChart(pixels, "heat", { plane: "all", absolute }, { ...options, interactive: false, width, title: `${title}: ${name}` });
  return markup`<figure class="ep-figure">${new Markup(chart)}<figcaption>${name}</figcaption></figure>`;
}

function swarmFigure(swarms: CreditsView["swarms"], id: string, options: SectionOptions, row: number | undefined): Figure {
  const title = t("Credits of single rows");
  const chart = new Markup(beeswarmChart(swarms, { ...options, title, ...(row === undefined ? {} : { selected: String(row) }) }));
  const note = t("a dot a row, spread over the rows");
  if (!options.interactive) return { id, title, note, body: [chart] };
  const spoken = t("{0}: the arrow keys go from dot to dot, Enter explains the row", title);
  return {
    id,
    title,
    note,
    body: [
      markup`<div class="ep-dots" data-dots="${id}" tabindex="0" role="group" aria-label="${spoken}" data-focus="${id}">${chart}</div>`,
      markup`<p class="ep-note" data-readout="${id}" aria-live="polite">${t("A dot tells its row; a click explains it.")}</p>`,
    ],
  };
}
