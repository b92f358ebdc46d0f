import type { Bar } from "../protocol/viewModel.js";
import { creditFormatter } from "../viewmodel/format.js";
import { largestCredit } from "../viewmodel/rank.js";
import { colourLevel, colourLevels } from "../viewmodel/scale.js";
import { denseUnitGrid } from "./denseUnitGrid.js";
import { at, buttonAttributes, frame, text, textWidth, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";
import { t } from "../protocol/words.js";

const gap = 3;
const cellHeight = 26;
/** More of them are drawn smaller and without their names. */
const mostNamed = 300;

/** A cell a unit in the layer's order: colour by sign and size of the credit, in high contrast a solid (for) or dashed (against) outline too. A click chooses the unit. */
export function unitGrid(bars: readonly Bar[], options: ChartOptions): string {
  if (bars.length > mostNamed) return denseUnitGrid(bars, options);
  const { theme, width } = options;
  const largest = largestCredit(bars);
  const credit = creditFormatter(largest);
  const content = bars.reduce((most, bar) => Math.max(most, textWidth(bar.label)), 0);
  const least = Math.max(34, content + 10);
  const columns = Math.max(1, Math.min(bars.length, Math.floor((width + gap) / (least + gap))));
  const cellWidth = Math.min(52, (width - gap * (columns - 1) - 2) / columns);

  const cell = (bar: Bar, i: number): Markup => {
    const x = 1 + (i % columns) * (cellWidth + gap);
    const y = 1 + Math.floor(i / columns) * (cellHeight + gap);
    const level = colourLevel(bar.credit, largest);
    const positive = bar.credit >= 0;
    const chosen = bar.key !== undefined && bar.key === options.selected;
    const spoken = `${t("unit {0}", bar.label)}: ${credit(bar.credit)}`;
    const box = markup`x="${at(x)}" y="${at(y)}" width="${at(cellWidth)}" height="${cellHeight}" rx="2"`;
    return markup`<g data-unit="${bar.key ?? bar.label}" data-label="${bar.label}" data-credit="${String(bar.credit)}"${buttonAttributes(options, bar.key)}><title>${spoken}</title><rect class="ep-hit" ${box} fill="${theme.background}" stroke="${theme.line}"/><rect ${box} fill="${positive ? theme.forMark : theme.againstMark}" fill-opacity="${level / colourLevels}" stroke="${theme.outline}"${level > 0 && !positive ? markup` stroke-dasharray="3 2"` : null}/>${chosen ? markup`<rect ${box} fill="none" stroke="${theme.focus}" stroke-width="2"/>` : null}${text(x + cellWidth / 2, y + cellHeight / 2, bar.label, { fill: theme.markText, anchor: "middle" })}</g>`;
  };
  const rows = Math.max(1, Math.ceil(bars.length / columns));
  return frame(options, rows * (cellHeight + gap) - gap + 2, "units", bars.map(cell));
}
