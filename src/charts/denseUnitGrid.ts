import type { Bar } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";
import { creditFormatter } from "../viewmodel/format.js";
import { largestCredit } from "../viewmodel/rank.js";
import { colourLevel, colourLevels } from "../viewmodel/scale.js";
import { at, buttonAttributes, fit, frame, inset, text, textWidth, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";

/** Pixels; no smaller, so that a finger hits one unit. */
const cell = 24;

/**
 * The units of a large layer in its order, as squares without a gap: colour as in `unitGrid`, only the first of each row is named in sight, and every unit when it is
 * pointed at or read aloud. Thousands are drawn while a slider moves, so a unit is as few elements as a button can be.
 */
export function denseUnitGrid(bars: readonly Bar[], options: ChartOptions): string {
  const { theme, width } = options;
  const largest = largestCredit(bars);
  const credit = creditFormatter(largest);
  const named = bars.reduce((most, bar) => Math.max(most, textWidth(bar.label)), 0);
  const left = inset + 1 + Math.min(named, width / 3);
  const columns = Math.max(1, Math.floor((width - left - 1) / cell));
  const rows = Math.ceil(bars.length / columns);

  const unit = (bar: Bar, i: number): Markup => {
    const level = colourLevel(bar.credit, largest);
    const positive = bar.credit >= 0;
    const chosen = bar.key !== undefined && bar.key === options.selected;
    const dashes = level > 0 && !positive && !chosen ? markup` stroke-dasharray="3 2"` : null;
    const outline = chosen ? markup`"${theme.focus}" stroke-width="3"` : markup`"${theme.outline}"`;
    return markup`<rect data-unit="${bar.key ?? bar.label}" data-label="${bar.label}" data-credit="${String(bar.credit)}"${buttonAttributes(options, bar.key, "ep-hit")} x="${at(left + (i % columns) * cell + 1.5)}" y="${Math.floor(i / columns) * cell + 2}" width="${cell - 3}" height="${cell - 3}" fill="${positive ? theme.forMark : theme.againstMark}" fill-opacity="${level / colourLevels}" stroke=${outline}${dashes}><title>${t("unit {0}", bar.label)}: ${credit(bar.credit)}</title></rect>`;
  };
  const across = Math.min(columns, bars.length) * cell;
  const lines = [
    ...Array.from({ length: rows + 1 }, (_, row) => `M${at(left)} ${row * cell + 0.5}h${across}`),
    ...Array.from({ length: across / cell + 1 }, (_, column) => `M${at(left + column * cell)} 0.5v${rows * cell}`),
  ];
  const names = Array.from({ length: rows }, (_, row) =>
    text(left - inset, (row + 0.5) * cell, fit(bars[row * columns]?.label ?? "", left - inset), { fill: theme.muted, anchor: "end" }),
  );
  return frame(options, rows * cell + 1, "units", [
    markup`<rect x="${at(left)}" width="${across}" height="${rows * cell}" fill="${theme.background}"/><path d="${lines.join("")}" fill="none" stroke="${theme.line}"/>`,
    ...names,
    ...bars.map(unit),
  ]);
}
