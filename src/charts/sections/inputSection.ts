import type { ExplanationView, InputView } from "../../protocol/viewModel.js";
import { formatPercent, formatSigned } from "../../viewmodel/format.js";
import { barChart } from "../barChart.js";
import { Markup, markup } from "../markup.js";
import { shareChart } from "../shareChart.js";
import { shownText } from "../shownText.js";
import { audioBody } from "./audioBody.js";
import { shownFeatures } from "./featureGroups.js";
import { featuresBody } from "./featuresBody.js";
import { imageBody } from "./imageBody.js";
import { section, tableAlternative, type SectionOptions } from "./section.js";
import { levelOf, partName, textView } from "./textView.js";
import { tokensBody } from "./tokensBody.js";
import { t } from "../../protocol/words.js";

type Body = { readonly tools: readonly (Markup | null | undefined)[]; readonly body: readonly (Markup | null)[] };
type InputsOf = Pick<ExplanationView, "check" | "inputs" | "largest" | "target" | "whatIf">;

/** The chart of one input, in the form that suits it and without controls. `path`: its place in the view ("unit/NAME"), where words can be gone through. */
export function inputChart(input: InputView, title: string, options: SectionOptions, path?: string): Markup {
  if (input.kind === "tokens") return textView(shownText(input, levelOf(input, options)), title, path === undefined ? null : { path }, options);
  if (input.kind === "audio") return markup`${audioBody(title, input, title, { ...options, interactive: false }).body.slice(0, 1)}`;
  if (input.kind === "image") return markup`${imageBody(title, input, title, { ...options, interactive: false }).body.slice(0, 1)}`;
  const bars = input.kind === "features" ? shownFeatures(input, options).bars : input.bars;
  if (bars.length === 0) return markup`<p class="ep-note">${t("This input has no elements.")}</p>`;
  return new Markup(barChart(bars.slice(0, 40), { ...options, interactive: false, title }));
}

function note(input: InputView, options: SectionOptions): string {
  switch (input.kind) {
    case "tokens":
      return "";
    case "features": {
      if (options.look?.(`input/${input.name}/form`) === "waterfall") return t("steps from the baseline's score to the sample's");
      const former = input.bars.some((bar) => bar.former !== undefined) ? t(", dashed: before the edit") : "";
      return `${input.bars.some((bar) => bar.error !== undefined) ? t("value · credit with error bar") : t("value · credit")}${former}`;
    }
    case "image":
      return `${t("{0} × {1} pixels", input.pixels.width, input.pixels.height)}${input.pixels.channels > 1 ? t(", {0} channels", input.pixels.channels) : ""}`;
    case "audio":
      return t("{0} samples", input.audio.samples.length);
    case "tensor":
      return t("{0} · the {1} largest credits", input.dims.join(" × "), input.bars.length);
  }
}

function bodyOf(input: InputView, view: InputsOf, title: string, options: SectionOptions): Body {
  const id = `input/${input.name}`;
  switch (input.kind) {
    case "tokens":
      return tokensBody(input, view, title, options);
    case "features":
      return featuresBody(input, view, title, options);
    case "image":
      return imageBody(id, input, title, options, view.check);
    case "audio":
      return audioBody(id, input, title, options);
    case "tensor":
      return { tools: [], body: [inputChart(input, title, options), tableAlternative(id, input.bars, t("Element"), options)] };
  }
}

/** The table of what inputChart draws; `id` as its path. */
export function inputTable(id: string, input: InputView, options: SectionOptions): Markup {
  if (input.kind === "features") return tableAlternative(id, shownFeatures(input, options).bars, t("Feature"), options);
  if (input.kind !== "tokens") return tableAlternative(id, input.bars, t("Feature"), options);
  const { level, marks } = shownText(input, levelOf(input, options));
  return tableAlternative(id, marks, partName(level), options);
}

/** One input's credits: its title says how much of all credit it has. */
export function inputSection(input: InputView, view: InputsOf, options: SectionOptions): Markup {
  const title = t("Credit of {0} for {1}", input.name, view.target);
  const id = `input/${input.name}`;
  const share = markup`<span data-test="input-share" data-input="${input.name}" data-share="${String(input.share)}">${t("{0} of the credit", formatPercent(input.share, 0))}${view.inputs.length > 1 ? t(", {0} in sum", formatSigned(input.net)) : ""}</span>`;
  const { tools, body } = bodyOf(input, view, title, options);
  return section(id, markup`${input.name} · ${share}`, note(input, options), body, { tools: [...tools, options.controls?.pictures(id)] });
}

/** The share of each input in all credit, for models with several; null for others. */
export function sharesOf(view: InputsOf, options: SectionOptions): Markup | null {
  if (view.inputs.length < 2) return null;
  return markup`<div class="ep-shares" data-test="shares">${new Markup(shareChart(view.inputs, { ...options, interactive: false, title: t("Share of each input in the credit") }))}</div>`;
}
