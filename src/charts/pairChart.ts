import { scaleLinear } from "d3-scale";
import { creditFormatter } from "../viewmodel/format.js";
import { at, fit, frame, inset, text, textWidth, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";
import { t } from "../protocol/words.js";

/** One name with two numbers. */
export interface Pair {
  readonly label: string;
  readonly first: number;
  readonly second: number;
}

const rowHeight = 36;
const gap = 8;
const finite = (x: number): number => (Number.isFinite(x) ? x : 0);

/** Two signed bars a row from a common zero: the first full, the second as an outline below it, each with its number, and their difference at the right. */
export function pairChart(pairs: readonly Pair[], names: readonly [string, string], options: ChartOptions): string {
  const { theme, width } = options;
  const all = pairs.flatMap(({ first, second }) => [finite(first), finite(second)]);
  const credit = creditFormatter(all.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
  const label = Math.min(pairs.reduce((most, pair) => Math.max(most, textWidth(pair.label)), 0) + 2 * inset, width * 0.34);
  const number = pairs.reduce((most, { first, second }) => Math.max(most, textWidth(credit(first - second))), 0) + gap;
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const room = (side: -1 | 1): number =>
    all.reduce((most, value) => (Math.sign(value || 1) === side ? Math.max(most, textWidth(credit(value)) + gap) : most), 0);
  const x = scaleLinear(low === high ? [-1, 1] : [low, high], [label + gap + room(-1), width - number - 2 * gap - room(1)]);
  const zero = x(0);
  const bar = (value: number, y: number, full: boolean): Markup => {
    const end = x(finite(value));
    const colour = value >= 0 ? theme.for : theme.against;
    return markup`<rect x="${at(Math.min(zero, end))}" y="${at(y)}" width="${at(Math.max(1, Math.abs(end - zero)))}" height="9" rx="1" ${full ? markup`fill="${colour}" stroke="${theme.outline}"` : markup`fill="${colour}" fill-opacity="0.25" stroke="${colour}"`}/>${text(value >= 0 ? end + 5 : end - 5, y + 5, credit(value), { fill: theme.muted, ...(value >= 0 ? {} : { anchor: "end" as const }) })}`;
  };
  const rows = pairs.map(({ label: name, first, second }, i) => {
    const y = i * rowHeight;
    const spoken = t("{0}: {1} {2}, {3} {4}, difference {5}", name, names[0], credit(first), names[1], credit(second), credit(first - second));
    return markup`<g data-label="${name}" data-first="${String(first)}" data-second="${String(second)}"><title>${spoken}</title>${text(inset, y + rowHeight / 2, fit(name, label), { fill: theme.text })}${bar(first, y + 5, true)}${bar(second, y + 20, false)}${text(width - 2, y + rowHeight / 2, credit(first - second), { fill: theme.muted, anchor: "end" })}</g>`;
  });
  const axis = markup`<path d="M${at(zero)} 0V${Math.max(1, pairs.length) * rowHeight}" stroke="${theme.line}" fill="none"/>`;
  return frame(options, Math.max(1, pairs.length) * rowHeight, "pairs", [axis, ...rows]);
}
