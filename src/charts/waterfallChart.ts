import { scaleLinear } from "d3-scale";
import { creditFormatter, formatScore } from "../viewmodel/format.js";
import { largestCredit } from "../viewmodel/rank.js";
import { at, fit, frame, inset, text, textWidth } from "./frame.js";
import { groupArrow, groupAttributes, indentOf, type FeatureRow, type GroupOptions } from "./groupRow.js";
import { attribute, markup, type Markup } from "./markup.js";
import { t } from "../protocol/words.js";

const narrow = 420;
const gap = 8;

export interface WaterfallEnds {
  /** The score at the path's start, and the sample's. */
  readonly from: number;
  readonly to: number;
}

/** How far a row goes towards the score: an open group by its members. */
const stepOf = ({ credit, open }: FeatureRow): number => (open === true ? 0 : credit);

/**
 * From the baseline's score to the sample's, a step a feature: each bar begins where the one before ended. `bars` in the order of the steps;
 * what other inputs add and what the credits miss is the last step, so that the end is the score itself. The steps of an open group are those of its members.
 */
export function waterfallChart(bars: readonly FeatureRow[], { from, to }: WaterfallEnds, options: GroupOptions): string {
  const { theme, width } = options;
  const stacked = width < narrow;
  const rowHeight = stacked ? 42 : 24;
  const [textY, barY] = stacked ? [13, 29] : [12, 12];
  const finite = bars.map((bar) => ({ ...bar, credit: Number.isFinite(bar.credit) ? bar.credit : 0 }));
  const rest = to - from - finite.reduce((total, bar) => total + stepOf(bar), 0);
  const others: readonly FeatureRow[] =
    Math.abs(rest) > 0.005 * Math.max(largestCredit(bars), Math.abs(to - from)) ? [{ label: t("all else"), value: "", credit: rest }] : [];
  const steps = [...finite, ...others];
  const credit = creditFormatter(largestCredit(steps));
  const ends = steps.reduce<number[]>((list, bar) => [...list, (list.at(-1) ?? from) + stepOf(bar)], [from]);
  const widest = (texts: readonly string[]): number => texts.reduce((most, content) => Math.max(most, textWidth(content)), 0);
  const label = Math.min(
    Math.max(widest([t("baseline"), t("sample")]), ...steps.map((bar) => textWidth(bar.label) + indentOf(bar, steps))) + 2 * inset,
    width * 0.32,
  );
  const value = Math.min(widest(steps.map((bar) => bar.value)), width * 0.3);
  const left = stacked ? 2 : label + (value > 0 ? gap + value : 0) + 2 * gap;
  const number = Math.max(widest(steps.map((bar) => credit(bar.credit))), widest([formatScore(from), formatScore(to)])) + gap;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = scaleLinear(low === high ? [low - 1, low + 1] : [low, high], [left + number, width - 2 - number]);

  const line = (y: number, row: Pick<FeatureRow, "label" | "value">, indent: number, content: Markup, data: Markup): Markup =>
    markup`<g${data}>${text(inset + indent, y + textY, fit(row.label, (stacked ? width - value - gap : label) - indent), { fill: theme.text })}${
      row.value === ""
        ? null
        : text(stacked ? width - inset : label + gap + value, y + textY, fit(row.value, width * 0.3), { fill: theme.muted, anchor: "end" })
    }${content}</g>`;
  const end = (y: number, name: string, score: number): Markup =>
    line(
      y,
      { label: name, value: "" },
      0,
      markup`<circle cx="${at(x(score))}" cy="${at(y + barY)}" r="4" fill="${theme.neutral}" stroke="${theme.outline}"/>${text(x(score) + gap, y + barY, formatScore(score), { fill: theme.text, weight: 600 })}`,
      markup`${attribute("data-end", name)}${attribute("data-score", String(score))}`,
    );
  const hit = (y: number): Markup =>
    markup`<rect class="ep-hit" x="0.5" y="${at(y + 0.5)}" width="${at(width - 1)}" height="${rowHeight - 1}" rx="2" fill="none" stroke="none" pointer-events="all"/>`;
  const rows = steps.map((bar, i) => {
    const y = (i + 1) * rowHeight;
    const begin = ends[i] ?? from;
    const [start, stop] = [x(begin), x(begin + bar.credit)];
    const positive = bar.credit >= 0;
    const shown = credit(bar.credit);
    const spoken = `${bar.label}${bar.value === "" ? "" : ` = ${bar.value}`}: ${t("{0}, from {1} to {2}", shown, formatScore(begin), formatScore(begin + bar.credit))}`;
    return line(
      y,
      bar,
      indentOf(bar, steps),
      markup`<title>${spoken}</title>${bar.members === undefined ? null : hit(y)}${groupArrow(bar, inset, y + textY, theme.muted)}<path d="M${at(start)} ${at(y + barY - rowHeight + 6)}V${at(y + barY + 6)}" stroke="${theme.line}" fill="none"/><rect x="${at(Math.min(start, stop))}" y="${at(y + barY - 6)}" width="${at(Math.max(1, Math.abs(stop - start)))}" height="12" rx="1" ${bar.open === true ? markup`fill="none" stroke="${theme.muted}"` : markup`fill="${positive ? theme.for : theme.against}" stroke="${theme.outline}"`}/>${text(positive ? stop + gap - 2 : stop - gap + 2, y + barY, shown, { fill: theme.muted, ...(positive ? {} : { anchor: "end" }) })}`,
      markup` data-label="${bar.label}"${bar.open === true ? null : attribute("data-step", String(bar.credit))}${groupAttributes(bar, options)}`,
    );
  });
  const last = (steps.length + 1) * rowHeight;
  return frame(options, last + rowHeight, "waterfall", [end(0, t("baseline"), from), ...rows, end(last, t("sample"), to)]);
}
