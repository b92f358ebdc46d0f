import type { TokenLayers } from "../../protocol/viewModel.js";
import { creditFormatter } from "../../viewmodel/format.js";
import { Markup, markup } from "../markup.js";
import { tokenLayersChart } from "../tokenLayersChart.js";
import { section, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

const mostColumns = 400;

function table({ tokens, rows }: TokenLayers): Markup {
  const credit = creditFormatter(rows.reduce((most, row) => Math.max(most, ...row.credits.map(Math.abs)), 0));
  return markup`<details class="ep-alternative" data-fold="token-layers/table"><summary>${t("Show as table")}</summary><table class="ep-table"><thead><tr><th scope="col">${t("Token")}</th>${rows.map((row) => markup`<th scope="col">${row.path}</th>`)}</tr></thead><tbody>${tokens.map((token, i) => markup`<tr><th scope="row">${token}</th>${rows.map((row) => markup`<td>${credit(row.credits[i] ?? NaN)}</td>`)}</tr>`)}</tbody></table></details>`;
}

/** Tokens by layers; long documents show their beginning. */
export function tokenLayersSection(layers: TokenLayers, options: SectionOptions): Markup {
  const cut: TokenLayers =
    layers.tokens.length <= mostColumns
      ? layers
      : { tokens: layers.tokens.slice(0, mostColumns), rows: layers.rows.map((row) => ({ ...row, credits: row.credits.slice(0, mostColumns) })) };
  const note = cut === layers ? t("what passes through each token's place") : t("the first {0} of {1} tokens", mostColumns, layers.tokens.length);
  const chart = new Markup(tokenLayersChart(cut, { ...options, interactive: false, title: t("Tokens by layers") }));
  return section(
    "token-layers",
    markup`${t("Tokens by layers")}`,
    note,
    [markup`<div class="ep-scroll" tabindex="0" role="region" aria-label="${t("Tokens by layers")}">${chart}</div>`, table(cut)],
    {
      tools: [options.controls?.pictures("token-layers")],
    },
  );
}
