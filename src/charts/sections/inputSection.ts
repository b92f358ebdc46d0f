import type { InputView } from "../../protocol/viewModel.js";
import { formatPercent } from "../../viewmodel/format.js";
import { barChart } from "../barChart.js";
import { Markup, markup } from "../markup.js";
import { tokenText } from "../tokenText.js";
import { section, tableAlternative, type SectionOptions } from "./section.js";

const scale = markup`<span class="ep-scale"><span>against</span><i class="ep-ramp" aria-hidden="true"></i><span>for</span></span>`;

/** The chart of one input, in the form that suits it. */
export function inputChart(input: InputView, title: string, options: SectionOptions): Markup {
  if (input.kind === "tokens") return new Markup(tokenText(input.tokens, title));
  if (input.bars.length === 0) return markup`<p class="ep-note">This input has no elements.</p>`;
  return new Markup(barChart(input.bars, { ...options, interactive: false, title }));
}

function note(input: InputView): string {
  switch (input.kind) {
    case "tokens":
      return "";
    case "features":
      return input.bars.some((bar) => bar.error !== undefined) ? "value · credit with error bar" : "value · credit";
    case "tensor":
      return `${input.dims.join(" × ")} · the ${input.bars.length} largest credits`;
  }
}

/** One input's credits: its title says how much of all credit it has. */
export function inputSection(input: InputView, target: string, options: SectionOptions): Markup {
  const title = `Credit of ${input.name} for ${target}`;
  const id = `input/${input.name}`;
  const share = markup`<span data-test="input-share" data-input="${input.name}" data-share="${String(input.share)}">${formatPercent(input.share, 0)} of the credit</span>`;
  return section(id, markup`${input.name} · ${share}`, note(input), [
    input.kind === "tokens" ? scale : null,
    inputChart(input, title, options),
    tableAlternative(id, input.kind === "tokens" ? input.tokens : input.bars, input.kind === "tokens" ? "Word" : "Feature"),
  ]);
}
