import type { LayerView } from "../../protocol/viewModel.js";
import { formatPercent, formatScore } from "../../viewmodel/format.js";
import { layerChart } from "../layerChart.js";
import { Markup, markup } from "../markup.js";
import { section, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

/** The line that defines a layer; in the panel a link that shows it in the editor. */
function sourceCell({ value, source, differs }: LayerView, interactive: boolean): Markup {
  const remark = differs === true ? ` ${t("(differs from the exported model)")}` : "";
  if (source === undefined || !interactive) return markup`${source ?? ""}${remark}`;
  return markup`<span role="link" tabindex="0" data-intent="source" data-value="${value}" data-focus="source/${value}" title="${t("Show the line that defines it")}">${source}</span>${remark}`;
}

function layerTable(layers: readonly LayerView[], interactive: boolean): Markup {
  const rows = layers.map((layer) => {
    const { path, kind, units, total, share } = layer;
    return markup`<tr><th scope="row">${path}</th><td>${kind ?? ""}</td><td>${units}</td><td>${formatScore(total)}</td><td>${share === null ? "n/a" : formatPercent(share)}</td><td>${sourceCell(layer, interactive)}</td></tr>`;
  });
  return markup`<details class="ep-alternative" data-fold="layers/table"><summary>${t("Show as table")}</summary><table class="ep-table"><thead><tr><th scope="col">${t("Layer")}</th><th scope="col">${t("Class")}</th><th scope="col">${t("Units")}</th><th scope="col">${t("Conductance")}</th><th scope="col">${t("Share")}</th><th scope="col">${t("Source")}</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

/** The layers with the share of the change in score that passes through each; `chosen` is the layer whose units are open. */
export function layersSection(layers: readonly LayerView[], chosen: string | undefined, options: SectionOptions): Markup {
  const chart = layerChart(layers, { ...options, title: t("Layers"), ...(chosen === undefined ? {} : { selected: chosen }) });
  return section(
    "layers",
    markup`${t("Layers")}`,
    t("share of the change in score that passes through"),
    [new Markup(chart), layerTable(layers, options.interactive)],
    {
      tools: [options.controls?.pictures("layers")],
    },
  );
}
