import type { ComparisonView } from "../../protocol/viewModel.js";
import { creditFormatter, formatScore } from "../../viewmodel/format.js";
import { Markup, markup } from "../markup.js";
import { pairChart } from "../pairChart.js";
import { inputChart } from "./inputSection.js";
import { section, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

const mostRows = 30;
const gap = 24;

function table(input: ComparisonView["inputs"][number]): Markup {
  const credit = creditFormatter(input.rows.reduce((most, row) => Math.max(most, Math.abs(row.here), Math.abs(row.there)), 0));
  const rows = input.rows
    .slice(0, 400)
    .map(
      ({ label, here, there }) =>
        markup`<tr><th scope="row">${label}</th><td>${credit(here)}</td><td>${credit(there)}</td><td>${credit(here - there)}</td></tr>`,
    );
  return markup`<details class="ep-alternative" data-fold="comparison/${input.name}/table"><summary>${t("Show as table")}</summary><table class="ep-table"><thead><tr><th scope="col">${t("Feature")}</th><th scope="col">${t("Shown")}</th><th scope="col">${t("Pinned")}</th><th scope="col">${t("Difference")}</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

/** What is shown beside a pinned explanation: one sentence, differences where the elements are the same, the two side by side where they are not. */
export function comparisonSection(comparison: ComparisonView, options: SectionOptions): Markup {
  const narrow = options.width < 560;
  const half = narrow ? options.width : Math.floor((options.width - gap) / 2);
  const paired = new Set(comparison.inputs.map(({ name }) => name));
  const heads = comparison.sides.map(
    ({ title, prediction, score, inputs }) =>
      markup`<div><h3>${title}</h3><p>${prediction}${score === null ? "" : t(" · score {0}", formatScore(score))}</p>${inputs
        .filter(({ name }) => !paired.has(name))
        .map((input) => markup`<h3>${input.name}</h3>${inputChart(input, `${title}: ${input.name}`, { ...options, width: half })}`)}</div>`,
  );
  const pairs = comparison.inputs.flatMap((input) => [
    markup`<h3 data-rank-correlation="${input.rankCorrelation === null ? "" : String(input.rankCorrelation)}">${input.name}</h3>`,
    new Markup(
      pairChart(
        input.rows.slice(0, mostRows).map(({ label, here, there }) => ({ label, first: here, second: there })),
        [t("shown"), t("pinned")],
        { ...options, interactive: false, title: t("{0}, shown and pinned", input.name) },
      ),
    ),
    table(input),
  ]);
  return section(
    "comparison",
    markup`${t("Comparison")}`,
    t("full: shown · outline: pinned · at the right: the difference"),
    [markup`<p data-test="comparison-sentence">${comparison.sentence}</p>`, markup`<div class="ep-sides">${heads}</div>`, ...pairs],
    {
      tools: [
        comparison.pins.length > 1
          ? options.controls?.pick(
              "comparison/pin",
              t("Pinned"),
              comparison.pins.map(({ id, label }) => [id, label] as const),
              comparison.chosen,
            )
          : null,
        options.controls?.action("unpin", comparison.chosen, t("Unpin")),
        options.controls?.pictures("comparison"),
      ],
    },
  );
}
