import type { Check, InputView } from "../../protocol/viewModel.js";
import type { RegionEdit } from "../../protocol/region.js";
import { markup, type Markup } from "../markup.js";
import { regionOf, regionWords } from "../region.js";
import type { SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

const edits = (): readonly (readonly [RegionEdit, string])[] => [
  ["remove", t("Remove region")],
  ["blur", t("Blur region")],
  ["only", t("Only this region")],
  ["restore", t("Restore region")],
];

/** What is told of the chosen region of a picture, and what can be done with it; how to choose one while there is none. */
export function regionLine(
  id: string,
  { name, pixels, former }: Extract<InputView, { kind: "image" }>,
  check: Pick<Check, "score" | "baselineScore">,
  { controls, look = () => undefined }: SectionOptions,
): Markup {
  const region = regionOf(look(`${id}/region`), pixels);
  const buttons =
    region === null || pixels.values.length === 0
      ? []
      : edits()
          .filter(([what]) => what !== "restore" || former !== undefined)
          .map(([what, label]) => controls?.action("region", JSON.stringify({ kind: "region", input: name, what, ...region }), label));
  const reset = former === undefined ? [] : [controls?.action("reset", "", t("Reset"), t("Reset the picture"))];
  return markup`<p class="ep-note" data-region-of="${id}" aria-live="polite">${regionWords(pixels, region, check)}</p><div class="ep-tools" data-region-tools="${id}">${[...buttons, ...reset]}</div>`;
}
