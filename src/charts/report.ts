import type { Bar, ExplanationView } from "../protocol/viewModel.js";
import { barChart } from "./barChart.js";
import { Markup, markup } from "./markup.js";
import { modelName } from "./modelName.js";
import { checkSection } from "./sections/checkSection.js";
import { mappingSection } from "./sections/mappingSection.js";
import { diagnosticsSection } from "./sections/diagnosticsSection.js";
import { inputSection, sharesOf } from "./sections/inputSection.js";
import { isolatedSection } from "./sections/isolatedSection.js";
import { layersSection } from "./sections/layersSection.js";
import { logitSection } from "./sections/logitSection.js";
import { predictionSection } from "./sections/predictionSection.js";
import { factList } from "./factList.js";
import { reportPage } from "./reportPage.js";
import { section, tableAlternative, type SectionOptions } from "./sections/section.js";
import { tokenLayersSection } from "./sections/tokenLayersSection.js";
import { trustSection } from "./sections/trustSection.js";
import { unitSection, unitsSection } from "./sections/unitsSection.js";
import { pageTheme } from "./theme.js";

/** A further chart at the end of a report, such as averages over a data set. */
export interface ReportExtra {
  readonly title: string;
  readonly note?: string;
  readonly bars: readonly Bar[];
}

const width = 640;

const choice = (choices: ExplanationView["methods"], id: string): string => choices.find((one) => one.id === id)?.label ?? id;

function facts(view: ExplanationView): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ["Model", modelName(view.model)],
    ["Row", view.rows === null ? String(view.row) : `${view.row} of ${view.rows} (counted from 0)`],
    ["Method", choice(view.methods, view.method)],
    ["Baseline", choice(view.baselines, view.baseline)],
  ];
  return factList(rows);
}

function extraSection(extra: ReportExtra, i: number, options: SectionOptions): Markup {
  const chart = new Markup(barChart(extra.bars, { ...options, title: extra.title }));
  return section(`extra/${i}`, markup`${extra.title}`, extra.note ?? "", [chart, tableAlternative(`extra/${i}`, extra.bars, "Name", options)]);
}

/** A self-contained page: the panel's charts in the reader's own light, dark or high contrast, no script, nothing loaded from anywhere. */
export function renderReport(view: ExplanationView, extra: readonly ReportExtra[] = []): string {
  const options: SectionOptions = { width, theme: pageTheme, interactive: false };
  const layerName = (value: string): string => view.layers.find((layer) => layer.value === value)?.path ?? value;
  const inputs = view.inputs.map((input) => inputSection(input, view, options));
  const inside = [
    view.layers.length === 0 ? null : layersSection(view.layers, view.units?.layer, options),
    view.tokenLayers === null ? null : tokenLayersSection(view.tokenLayers, options),
    view.units === null ? null : unitsSection(view.units, layerName(view.units.layer), view.unit?.unit, options),
    view.unit === null ? null : unitSection(view.unit, layerName(view.unit.layer), options),
  ];
  const title = `${view.prediction.sentence} · ${modelName(view.model)}`;
  return reportPage(
    title,
    markup`${facts(view)}${predictionSection(view, options)}${checkSection(view.check)}${sharesOf(view, options)}<div class="ep-columns"><div>${inputs}${logitSection(view.logit, options)}${isolatedSection(view, options)}${trustSection(view, undefined, options)}</div><div>${inside}</div></div>${
      extra.length === 0 ? null : markup`<div class="ep-columns">${extra.map((one, i) => extraSection(one, i, options))}</div>`
    }${mappingSection(view.mapping, options)}${diagnosticsSection(view.diagnostics)}`,
  );
}
