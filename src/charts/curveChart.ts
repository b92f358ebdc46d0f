import { scaleLinear } from "d3-scale";
import { formatPercent, formatScore } from "../viewmodel/format.js";
import { at, fit, frame, text, textWidth, type ChartOptions } from "./frame.js";
import { markup, type Markup } from "./markup.js";

/** A number over a share from 0 to 1, and the curve of chance that it is held against. */
export interface Curve {
  readonly share: readonly number[];
  readonly value: readonly number[];
  readonly chance?: readonly number[];
}

/** What the curve's axes and lines are called. */
export interface CurveNames {
  /** What there is a share of, below the chart ("share of features taken away"). */
  readonly across: string;
  /** What is drawn ("score"). */
  readonly up: string;
  readonly own: string;
  readonly chance: string;
}

const height = 190;
const bottom = 38;
const top = 20;
const lineHeight = 14;

/**
 * A curve over a share, the dashed curve of chance beside it, and the area between the two filled: its size is what the measure's number says.
 * Lines are named at their right ends.
 */
export function curveChart({ share, value, chance = [] }: Curve, names: CurveNames, options: ChartOptions): string {
  const { theme, width } = options;
  const all = [...value, ...chance].filter(Number.isFinite);
  const [low, high] = all.length === 0 ? [0, 1] : [Math.min(...all), Math.max(...all)];
  const y = scaleLinear(low === high ? [low - 0.5, high + 0.5] : [low, high], [height - bottom, top]).nice(4);
  const ticks = y.ticks(4);
  const left = ticks.reduce((most, tick) => Math.max(most, textWidth(label(tick))), 0) + 8;
  const legend = Math.min(Math.max(textWidth(names.own), chance.length === 0 ? 0 : textWidth(names.chance)) + 8, width * 0.3);
  const x = scaleLinear([0, 1], [left, width - legend - 4]);
  const points = (numbers: readonly number[]): [number, number][] =>
    share.flatMap((s, i): [number, number][] => {
      const one = numbers[i];
      return one === undefined || !Number.isFinite(one) ? [] : [[x(s), y(one)]];
    });
  const path = (line: readonly (readonly [number, number])[]): string => line.map(([px, py], i) => `${i === 0 ? "M" : "L"}${at(px)} ${at(py)}`).join("");
  const [own, random] = [points(value), points(chance)];
  const grid = ticks.map((tick) => {
    const py = at(y(tick));
    return markup`<path d="M${at(left)} ${py}H${at(x(1))}" stroke="${theme.line}" fill="none"${tick === 0 ? null : markup` stroke-opacity="0.5"`}/>${text(left - 6, py, label(tick), { fill: theme.muted, anchor: "end" })}`;
  });
  const shares = [0, 0.5, 1].map((s) =>
    text(x(s), height - bottom + 14, formatPercent(s, 0), {
      fill: theme.muted,
      ...(s === 0.5 ? { anchor: "middle" as const } : s === 1 ? { anchor: "end" as const } : {}),
    }),
  );
  const area =
    random.length === 0 || own.length === 0
      ? null
      : markup`<path d="${path([...own, ...random.toReversed()])}Z" fill="${theme.for}" fill-opacity="0.16" stroke="none"/>`;
  const dots = share.length > 40 ? [] : own.map(([px, py]) => markup`<circle cx="${at(px)}" cy="${at(py)}" r="2.5" fill="${theme.for}"/>`);
  const spots = share.map((s, i) => {
    const half = (x(1) - x(0)) / Math.max(1, share.length - 1) / 2;
    const beside = chance[i] === undefined ? "" : ` (${names.chance} ${formatScore(chance[i])})`;
    return markup`<rect x="${at(x(s) - half)}" y="${top}" width="${at(2 * half)}" height="${height - bottom - top}" fill="none" pointer-events="all"><title>${`${formatPercent(s, 0)}: ${formatScore(value[i] ?? NaN)}${beside}`}</title></rect>`;
  });
  return frame(
    options,
    height,
    "curve",
    [
      text(left, 8, fit(names.up, width - left), { fill: theme.muted }),
      ...grid,
      ...shares,
      text(left, height - 9, fit(names.across, width - left), { fill: theme.muted }),
      area,
      random.length === 0
        ? null
        : markup`<path data-curve="chance" d="${path(random)}" stroke="${theme.muted}" fill="none" stroke-width="1.5" stroke-dasharray="5 4"/>`,
      markup`<path data-curve="own" d="${path(own)}" stroke="${theme.for}" fill="none" stroke-width="2" stroke-linejoin="round"/>`,
      ...dots,
      ...endNames(names, own, random, legend, options),
      ...spots,
    ].flatMap((part) => (part === null ? [] : [part])),
  );
}

/** Axis labels as short as they can be told apart. */
function label(x: number): string {
  return String(Number(x.toPrecision(4))).replace("-", "−");
}

/** The lines' names beside their middle parts' right; where ends meet, one below the other. */
function endNames(names: CurveNames, own: readonly [number, number][], random: readonly [number, number][], room: number, options: ChartOptions): Markup[] {
  const { theme, width } = options;
  const ownEnd = own.at(-1)?.[1] ?? top;
  const randomEnd = random.at(-1)?.[1];
  const x = width - room + 2;
  if (randomEnd === undefined) return [text(x, ownEnd, fit(names.own, room), { fill: theme.for })];
  // Both curves end at the same score: the names are stacked around it, the one whose curve runs above on top.
  const middle = (points: readonly [number, number][]): number => points[points.length >> 1]?.[1] ?? 0;
  const above = middle(own) <= middle(random) ? -1 : 1;
  const centre = Math.min(height - bottom - lineHeight, Math.max(top + lineHeight / 2, (ownEnd + randomEnd) / 2));
  return [
    text(x, centre + (above * lineHeight) / 2, fit(names.own, room), { fill: theme.for }),
    text(x, centre - (above * lineHeight) / 2, fit(names.chance, room), { fill: theme.muted }),
  ];
}
