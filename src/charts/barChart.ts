import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import type { Bar } from "../protocol/viewModel.js";
import { creditFormatter } from "../viewmodel/format.js";
import { largestCredit } from "../viewmodel/rank.js";
import { at, buttonAttributes, fit, frame, inset, text, textWidth, type ChartOptions } from "./frame.js";
import { attribute, markup, type Markup } from "./markup.js";

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
function layout(bars: readonly Bar[], width: number): Layout {
  const widest = (texts: readonly string[]): number => texts.reduce((most, content) => Math.max(most, textWidth(content)), 0);
  const value = Math.min(widest(bars.map((bar) => bar.value)), width * 0.3);
  if (width < narrow)
    return { rowHeight: 42, textY: 13, barY: 29, labelWidth: width - value - gap - inset, valueEnd: width - inset, left: 2, right: width - 2 };
  const label = Math.min(widest(bars.map((bar) => bar.label)) + 2 * inset, width * 0.32);
  const valueEnd = label + (value > 0 ? gap + value : 0);
  return { rowHeight: 24, textY: 12, barY: 12, labelWidth: label - inset, valueEnd, left: valueEnd + 2 * gap, right: width - 2 };
}

const finite = (x: number): number => (Number.isFinite(x) ? x : 0);

/**
 * Signed bars from a common zero: against to the left, for to the right, the credit at the bar's end, the sample's value beside the name,
 * whiskers where there is an error estimate. Rows keep the given order.
 */
export function barChart(bars: readonly Bar[], options: ChartOptions): string {
  const { theme, width } = options;
  const place = layout(bars, width);
  const credit = creditFormatter(largestCredit(bars));
  const reach = bars.flatMap((bar) => [finite(bar.credit) - (bar.error ?? 0), finite(bar.credit) + (bar.error ?? 0)]);
  const [low, high] = extent([0, ...reach]);
  const labels = (side: -1 | 1): number =>
    bars.reduce((most, bar) => (Math.sign(bar.credit || 1) === side ? Math.max(most, textWidth(credit(bar.credit)) + gap) : most), 0);
  const x = scaleLinear(low === high ? [-1, 1] : [low ?? 0, high ?? 0], [place.left + labels(-1), place.right - labels(1)]);
  const zero = x(0);

  const row = (bar: Bar, i: number): Markup => {
    const top = i * place.rowHeight;
    const end = x(finite(bar.credit));
    const positive = bar.credit >= 0;
    const y = top + place.barY;
    // An error that is no pixel wide would only blur the bar's end.
    const error = bar.error === undefined || x(bar.error) - zero < 1 ? null : bar.error;
    const tip = error === null ? end : positive ? Math.max(end, x(bar.credit + error)) : Math.min(end, x(bar.credit - error));
    const spoken = `${bar.label}${bar.value === "" ? "" : ` = ${bar.value}`}: ${credit(bar.credit)}`;
    const chosen = bar.key !== undefined && bar.key === options.selected;
    return markup`<g data-label="${bar.label}" data-credit="${String(bar.credit)}"${attribute("data-error", bar.error)}${buttonAttributes(options, bar.key)}><title>${spoken}${error === null ? "" : ` ± ${credit(error).replace("+", "")}`}</title><rect class="ep-hit" x="0.5" y="${at(top + 0.5)}" width="${at(width - 1)}" height="${place.rowHeight - 1}" rx="2" fill="none" stroke="${chosen ? theme.focus : "none"}" pointer-events="all"/>${text(inset, top + place.textY, fit(bar.label, place.labelWidth), { fill: theme.text })}${
      bar.value === "" ? null : text(place.valueEnd, top + place.textY, fit(bar.value, width * 0.3), { fill: theme.muted, anchor: "end" })
    }<rect x="${at(Math.min(zero, end))}" y="${at(y - 6)}" width="${at(Math.max(Math.abs(end - zero), 1))}" height="12" rx="1" fill="${positive ? theme.for : theme.against}" stroke="${theme.outline}"/>${
      error === null ? null : whisker(x(bar.credit - error), x(bar.credit + error), y, theme.text)
    }${text(positive ? tip + gap - 2 : tip - gap + 2, y, credit(bar.credit), { fill: theme.muted, ...(positive ? {} : { anchor: "end" }) })}</g>`;
  };

  const height = Math.max(1, bars.length) * place.rowHeight;
  const axis = markup`<path d="M${at(zero)} 0V${height}" stroke="${theme.line}" fill="none"/>`;
  return frame(options, height, "bars", [axis, ...bars.map(row)]);
}

function whisker(from: number, to: number, y: number, stroke: string): Markup {
  return markup`<path d="M${at(from)} ${at(y - 3)}v6m0-3H${at(to)}m0-3v6" stroke="${stroke}" fill="none"/>`;
}
