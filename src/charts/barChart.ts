import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import { creditFormatter } from "../viewmodel/format.js";
import { largestCredit } from "../viewmodel/rank.js";
import { at, buttonAttributes, fit, frame, inset, text, textWidth } from "./frame.js";
import { groupArrow, groupAttributes, indentOf, type FeatureRow, type GroupOptions } from "./groupRow.js";
import { attribute, markup, type Markup } from "./markup.js";
import { t } from "../protocol/words.js";

const narrow = 420;
const gap = 8;

interface Layout {
  readonly rowHeight: number;
  /** Middle of the text line and of the bar, from the row's top. */
  readonly textY: number;
  readonly barY: number;
  readonly labelWidth: number;
  readonly valueEnd: number;
  readonly left: number;
  readonly right: number;
}

/** Names, values and bars side by side; in a narrow chart the bar goes below its name. */
function layout(bars: readonly FeatureRow[], width: number, others: readonly string[]): Layout {
  const widest = (texts: readonly string[]): number => texts.reduce((most, content) => Math.max(most, textWidth(content)), 0);
  const value = Math.min(widest(bars.map((bar) => bar.value)), width * 0.3);
  if (width < narrow)
    return { rowHeight: 42, textY: 13, barY: 29, labelWidth: width - value - gap - inset, valueEnd: width - inset, left: 2, right: width - 2 };
  const label = Math.min(Math.max(widest(others), ...bars.map((bar) => textWidth(bar.label) + indentOf(bar, bars))) + 2 * inset, width * 0.32);
  const valueEnd = label + (value > 0 ? gap + value : 0);
  return { rowHeight: 24, textY: 12, barY: 12, labelWidth: label - inset, valueEnd, left: valueEnd + 2 * gap, right: width - 2 };
}

const finite = (x: number): number => (Number.isFinite(x) ? x : 0);

/** What bars are told besides a chart's options. */
export interface BarOptions extends GroupOptions {
  /** The |credit| at the end of the scale, when several charts share one; the bars' own otherwise. */
  readonly largest?: number;
  /** The sum of the bars that are left out, as a last row. */
  readonly rest?: { readonly count: number; readonly sum: number };
}

/**
 * Signed bars from a common zero: against to the left, for to the right, the credit at the bar's end, the sample's value beside the name,
 * whiskers where there is an error estimate, a dashed outline where the credit was before an edit. Rows keep the given order; groups have an arrow that opens them.
 */
export function barChart(bars: readonly FeatureRow[], options: BarOptions): string {
  const { theme, width, rest } = options;
  const others = rest === undefined ? "" : t("{0} others, summed", rest.count);
  const place = layout(bars, width, others === "" ? [] : [others]);
  const credit = creditFormatter(largestCredit(bars));
  const reach = bars.flatMap((bar) => [finite(bar.credit) - (bar.error ?? 0), finite(bar.credit) + (bar.error ?? 0), bar.former ?? 0]);
  const common = options.largest ?? 0;
  const signs = new Set([...bars, ...(rest === undefined ? [] : [{ credit: rest.sum }])].map((bar) => Math.sign(finite(bar.credit))));
  const [low, high] = extent([
    0,
    ...reach,
    ...(rest === undefined ? [] : [finite(rest.sum)]),
    ...(signs.has(-1) ? [-common] : []),
    ...(signs.has(1) ? [common] : []),
  ]);
  const labels = (side: -1 | 1): number =>
    bars.reduce((most, bar) => (Math.sign(bar.credit || 1) === side ? Math.max(most, textWidth(credit(bar.credit)) + gap) : most), 0);
  const x = scaleLinear(low === high ? [-1, 1] : [low ?? 0, high ?? 0], [place.left + labels(-1), place.right - labels(1)]);
  const zero = x(0);

  const row = (bar: FeatureRow, i: number): Markup => {
    const top = i * place.rowHeight;
    const end = x(finite(bar.credit));
    const positive = bar.credit >= 0;
    const y = top + place.barY;
    // An error that is no pixel wide would only blur the bar's end.
    const error = bar.error === undefined || x(bar.error) - zero < 1 ? null : bar.error;
    const past = bar.former !== undefined && Math.sign(bar.former) === Math.sign(bar.credit || 1) ? x(finite(bar.former)) : end;
    const reached = positive ? Math.max(end, past) : Math.min(end, past);
    const tip = error === null ? reached : positive ? Math.max(reached, x(bar.credit + error)) : Math.min(reached, x(bar.credit - error));
    const spoken = `${bar.label}${bar.value === "" ? "" : ` = ${bar.value}`}: ${credit(bar.credit)}`;
    const indent = indentOf(bar, bars);
    const chosen = bar.key !== undefined && bar.key === options.selected;
    return markup`<g data-label="${bar.label}" data-credit="${String(bar.credit)}"${attribute("data-error", bar.error)}${bar.members === undefined ? buttonAttributes(options, bar.key) : groupAttributes(bar, options)}><title>${spoken}${error === null ? "" : ` ± ${credit(error).replace("+", "")}`}${bar.former === undefined ? "" : t(", was {0}", credit(bar.former))}</title><rect class="ep-hit" x="0.5" y="${at(top + 0.5)}" width="${at(width - 1)}" height="${place.rowHeight - 1}" rx="2" fill="none" stroke="${chosen ? theme.focus : "none"}" pointer-events="all"/>${groupArrow(bar, inset, top + place.textY, theme.muted)}${text(inset + indent, top + place.textY, fit(bar.label, place.labelWidth - indent), { fill: theme.text })}${
      bar.value === "" ? null : text(place.valueEnd, top + place.textY, fit(bar.value, width * 0.3), { fill: theme.muted, anchor: "end" })
    }<rect x="${at(Math.min(zero, end))}" y="${at(y - 6)}" width="${at(Math.max(Math.abs(end - zero), 1))}" height="12" rx="1" fill="${positive ? theme.for : theme.against}" stroke="${theme.outline}"/>${
      bar.former === undefined ? null : ghost(zero, x(finite(bar.former)), y, theme.muted)
    }${
      error === null ? null : whisker(x(bar.credit - error), x(bar.credit + error), y, theme.text)
    }${text(positive ? tip + gap - 2 : tip - gap + 2, y, credit(bar.credit), { fill: theme.muted, ...(positive ? {} : { anchor: "end" }) })}</g>`;
  };

  const remainder = (): Markup => {
    const top = bars.length * place.rowHeight;
    const { count, sum } = rest ?? { count: 0, sum: 0 };
    const end = x(finite(sum));
    const y = top + place.barY;
    return markup`<g data-rest="${String(sum)}" data-rest-count="${count}"><title>${t("{0} others: {1} in sum", count, credit(sum))}</title>${text(inset, top + place.textY, fit(others, place.labelWidth), { fill: theme.muted })}<rect x="${at(Math.min(zero, end))}" y="${at(y - 6)}" width="${at(Math.max(Math.abs(end - zero), 1))}" height="12" rx="1" fill="${theme.neutral}" stroke="${theme.outline}"/>${text(sum >= 0 ? end + gap - 2 : end - gap + 2, y, credit(sum), { fill: theme.muted, ...(sum >= 0 ? {} : { anchor: "end" }) })}</g>`;
  };
  const height = Math.max(1, bars.length + (rest === undefined ? 0 : 1)) * place.rowHeight;
  const axis = markup`<path d="M${at(zero)} 0V${height}" stroke="${theme.line}" fill="none"/>`;
  return frame(options, height, "bars", [axis, ...bars.map(row), ...(rest === undefined ? [] : [remainder()])]);
}

/** Where the bar ended before. */
function ghost(zero: number, end: number, y: number, stroke: string): Markup {
  return markup`<rect x="${at(Math.min(zero, end))}" y="${at(y - 8)}" width="${at(Math.max(1, Math.abs(end - zero)))}" height="16" rx="2" fill="none" stroke="${stroke}" stroke-dasharray="2 2"/>`;
}

function whisker(from: number, to: number, y: number, stroke: string): Markup {
  return markup`<path d="M${at(from)} ${at(y - 3)}v6m0-3H${at(to)}m0-3v6" stroke="${stroke}" fill="none"/>`;
}
