import type { TokenLayers } from "../../protocol/viewModel.js";
import { creditFormatter } from "../../viewmodel/format.js";
import { Markup, markup } from "../markup.js";
import { tokenLayersChart } from "../tokenLayersChart.js";
import { section, type SectionOptions } from "./section.js";
import { partName } from "./textView.js";
import { t } from "../../protocol/words.js";

const mostColumns = 400;

function table({ tokens, rows }: TokenLayers, part: string): Markup {
  const credit = creditFormatter(rows.reduce((most, row) => Math.max(most, ...row.credits.map(Math.abs)), 0));
  return markup`<details class="ep-alternative" data-fold="token-layers/table"><summary>${t("Show as table")}</summary><table class="ep-table"><thead><tr><th scope="col">${part}</th>${rows.map((row) => markup`<th scope="col">${row.path}</th>`)}</tr></thead><tbody>${tokens.map((token, i) => markup`<tr><th scope="row">${token}</th>${rows.map((row) => markup`<td>${credit(row.credits[i] ?? NaN)}</td>`)}</tr>`)}</tbody></table></details>`;
}

/** Tokens, or sentences, by layers; long documents show their beginning. */
export function tokenLayersSection(all: TokenLayers, options: SectionOptions): Markup {
  const { controls, look } = options;
  const level = all.sentences !== undefined && look?.("token-layers/level") === "sentences" ? "sentences" : "tokens";
  const layers = (level === "sentences" ? all.sentences : undefined) ?? all;
  const cut: TokenLayers =
    layers.tokens.length <= mostColumns
      ? layers
      : { tokens: layers.tokens.slice(0, mostColumns), rows: layers.rows.map((row) => ({ ...row, credits: row.credits.slice(0, mostColumns) })) };
  const pick =
    all.sentences === undefined
      ? null
      : controls?.pick(
          "token-layers/level",
          t("Level"),
          [
            ["tokens", t("Tokens")],
            ["sentences", t("Sentences")],
          ],
          level,
        );
  const note =
    cut === layers
      ? level === "sentences"
        ? t("what passes through each sentence's place")
        : t("what passes through each token's place")
      : t("the first {0} of {1} tokens", mostColumns, layers.tokens.length);
  const chart = new Markup(tokenLayersChart(cut, { ...options, interactive: false, title: t("Tokens by layers") }));
  return section(
    "token-layers",
    markup`${t("Tokens by layers")}`,
    note,
    [markup`<div class="ep-scroll" tabindex="0" role="region" aria-label="${t("Tokens by layers")}">${chart}</div>`, table(cut, partName(level))],
    {
      tools: [pick, controls?.pictures("token-layers")],
    },
  );
}
