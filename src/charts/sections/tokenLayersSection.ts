import type { TokenLayers } from "../../protocol/viewModel.js";
import { creditFormatter } from "../../viewmodel/format.js";
import { Markup, markup } from "../markup.js";
import { tokenLayersChart } from "../tokenLayersChart.js";
import { section, type SectionOptions } from "./section.js";

const mostColumns = 400;

function table({ tokens, rows }: TokenLayers): Markup {
  const credit = creditFormatter(rows.reduce((most, row) => Math.max(most, ...row.credits.map(Math.abs)), 0));
  return markup`<details class="ep-alternative" data-fold="token-layers/table"><summary>Show as table</summary><table class="ep-table"><thead><tr><th scope="col">Token</th>${rows.map((row) => markup`<th scope="col">${row.path}</th>`)}</tr></thead><tbody>${tokens.map((token, t) => markup`<tr><th scope="row">${token}</th>${rows.map((row) => markup`<td>${credit(row.credits[t] ?? NaN)}</td>`)}</tr>`)}</tbody></table></details>`;
}

/** Tokens by layers; long documents show their beginning. */
export function tokenLayersSection(layers: TokenLayers, options: SectionOptions): Markup {
  const cut: TokenLayers =
    layers.tokens.length <= mostColumns
      ? layers
      : { tokens: layers.tokens.slice(0, mostColumns), rows: layers.rows.map((row) => ({ ...row, credits: row.credits.slice(0, mostColumns) })) };
  const note = cut === layers ? "what passes through each token's place" : `the first ${mostColumns} of ${layers.tokens.length} tokens`;
  const chart = new Markup(tokenLayersChart(cut, { ...options, interactive: false, title: "Tokens by layers" }));
  return section(
    "token-layers",
    markup`Tokens by layers`,
    note,
    [markup`<div class="ep-scroll" tabindex="0" role="region" aria-label="Tokens by layers">${chart}</div>`, table(cut)],
    {
      tools: [options.controls?.pictures("token-layers")],
    },
  );
}
