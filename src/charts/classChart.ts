import { max, min } from "d3-array";
import { scaleLinear } from "d3-scale";
import type { ExplanationView } from "../protocol/viewModel.js";
import { formatScore } from "../viewmodel/format.js";
import { at, buttonAttributes, fit, frame, inset, text, textWidth, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";
import { t } from "../protocol/words.js";

const rowHeight = 24;
const gap = 8;
const mostClasses = 8;

type Class = ExplanationView["prediction"]["classes"][number];

/** The classes worth a row: the highest scores and the explained one, in the model's order. */
export function shownClasses(classes: readonly Class[]): readonly Class[] {
  const kept = new Set([...classes].sort((a, b) => b.score - a.score).slice(0, mostClasses));
  return classes.filter((one) => kept.has(one) || one.explained);
}

/** A bar a class: probabilities on [0, 1], other scores on their own range. The explained class is coloured; a click on another explains that one. */
export function classChart(classes: readonly Class[], options: ChartOptions): string {
  const { theme, width } = options;
  const rows = shownClasses(classes);
  const label = Math.min(
    rows.reduce((most, row) => Math.max(most, textWidth(row.label) + 8), 0),
    width * 0.4,
  );
  const score = rows.reduce((most, row) => Math.max(most, textWidth(formatScore(row.score))), 0);
  const low = Math.min(0, min(rows, (row) => row.score) ?? 0);
  const high = max(rows, (row) => row.score) ?? 1;
  const probabilities = low >= 0 && high <= 1;
  const x = scaleLinear([low, probabilities ? 1 : Math.max(high, 0)], [label + gap, Math.max(label + 2 * gap, width - score - gap - 4)]);

  const row = (one: Class, i: number): Markup => {
    const y = i * rowHeight + rowHeight / 2;
    const from = Math.min(x(0), x(one.score));
    const spoken = `${one.label}: ${formatScore(one.score)}${one.explained ? t(", explained") : ""}`;
    return markup`<g data-label="${one.label}" data-score="${String(one.score)}" data-target="${one.target}"${buttonAttributes({ ...options, ...(one.explained ? { selected: one.target } : {}) }, one.target)}><title>${spoken}</title><rect class="ep-hit" x="0.5" y="${i * rowHeight + 0.5}" width="${at(width - 1)}" height="${rowHeight - 1}" rx="2" fill="none" pointer-events="all"/>${text(inset, y, fit(one.label, label), { fill: one.explained ? theme.text : theme.muted, ...(one.explained ? { weight: 600 } : {}) })}<rect x="${at(from)}" y="${y - 6}" width="${at(Math.max(1, Math.abs(x(one.score) - x(0))))}" height="12" rx="1" fill="${one.explained ? theme.for : theme.neutral}" stroke="${theme.outline}"/>${text(width - 4, y, formatScore(one.score), { fill: one.explained ? theme.text : theme.muted, anchor: "end" })}</g>`;
  };
  return frame(options, Math.max(1, rows.length) * rowHeight, "classes", rows.map(row));
}
