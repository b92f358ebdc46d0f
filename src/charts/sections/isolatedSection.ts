import type { ExplanationView } from "../../protocol/viewModel.js";
import { Markup, markup } from "../markup.js";
import { pairChart } from "../pairChart.js";
import { section, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

/** Joint and isolated side by side, or the offer to compute it; null for models with one input. */
export function isolatedSection(view: Pick<ExplanationView, "inputs" | "isolated" | "check">, options: SectionOptions): Markup | null {
  const { isolated } = view;
  if (view.inputs.length < 2 || (isolated === null && (options.controls === undefined || view.check.baselineScore === null))) return null;
  const note = t("full: together · outline: alone · at the right: the difference");
  if (isolated === null)
    return section("isolated", markup`${t("Together and alone")}`, "", [
      markup`<p class="ep-note">${t("How much would each input change the score if only it moved, with the others at the sample's values?")}</p>`,
      options.controls === undefined ? null : options.controls.action("isolated", "", t("Compare")),
    ]);
  const pairs = isolated.inputs.map(({ name, joint, alone }) => ({ label: name, first: joint, second: alone }));
  return section(
    "isolated",
    markup`${t("Together and alone")}`,
    note,
    [
      markup`<p data-test="isolated-sentence">${isolated.sentence}</p>`,
      new Markup(pairChart(pairs, [t("together"), t("alone")], { ...options, interactive: false, title: t("Credit of each input, together and alone") })),
    ],
    { tools: [options.controls?.pictures("isolated")] },
  );
}
