import type { LogitView } from "../../protocol/viewModel.js";
import { t } from "../../protocol/words.js";
import { markup, type Markup } from "../markup.js";
import { inputChart, inputTable } from "./inputSection.js";
import { section, type SectionOptions } from "./section.js";

/** Beside a saturated probability: the credits of its logit, in the form of the inputs; null where there is none. */
export function logitSection(logit: LogitView | undefined, options: SectionOptions): Markup | null {
  if (logit === undefined) return null;
  const body = logit.inputs.flatMap((input) => [
    markup`<h3>${input.name}</h3>`,
    inputChart(input, t("Credit of {0} for the logit", input.name), options, `logit/${input.name}`),
    inputTable(`logit/${input.name}`, input, options),
  ]);
  return section(
    "logit",
    markup`${t("The logit beside the probability")}`,
    t("the probability has saturated"),
    [markup`<p data-test="logit-sentence" data-score="${logit.score === null ? "" : String(logit.score)}">${logit.sentence}</p>`, ...body],
    { tools: [options.controls?.action("target", logit.target, t("Explain the logit alone")), options.controls?.pictures("logit")] },
  );
}
