import type { AudioView, Stretch } from "../protocol/audioView.js";
import { t } from "../protocol/words.js";
import { at, text, textWidth, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";

/** Height of the axis below a chart of a sound. */
export const timeAxisHeight = 22;
const room = 70;

/** Where a stretch lies on a chart `width` wide. */
export function placeOf({ samples }: AudioView, { start, end }: Stretch, width: number): { readonly x: number; readonly wide: number } {
  return { x: (start / samples.length) * width, wide: ((end - start) / samples.length) * width };
}

/** Ticks at round seconds, or samples where the rate is not known, below `y`. */
export function timeAxis({ samples, rate }: AudioView, y: number, { width, theme }: ChartOptions): Markup {
  const whole = samples.length / (rate ?? 1);
  const { step, digits } = roundStep((whole * room) / width, rate === undefined);
  const unit = rate === undefined ? t("samples") : t("seconds");
  const free = width - textWidth(unit) - room / 2;
  const ticks = Array.from({ length: Math.floor(whole / step) + 1 }, (_, i) => {
    const x = ((i * step) / whole) * width;
    const line = markup`<line x1="${at(x)}" x2="${at(x)}" y1="${y}" y2="${y + 4}" stroke="${theme.line}"/>`;
    return markup`${line}${x > free ? null : text(x + 2, y + 13, (i * step).toFixed(digits), { fill: theme.muted })}`;
  });
  return markup`<g>${ticks}${text(width, y + 13, unit, { fill: theme.muted, anchor: "end" })}</g>`;
}

/** The smallest of 1, 2, 5, 10, … times a power of ten that is not below `least`, and the digits behind the point it needs; at least 1 for `whole` numbers. */
function roundStep(least: number, whole: boolean): { readonly step: number; readonly digits: number } {
  const power = Math.max(whole ? 0 : -Infinity, Math.floor(Math.log10(least)));
  const factor = [1, 2, 5].find((one) => one * 10 ** power >= least);
  return { step: (factor ?? 10) * 10 ** power, digits: Math.max(0, -(factor === undefined ? power + 1 : power)) };
}
