import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import type { SwarmDot, SwarmRow } from "../protocol/viewModel.js";
import { creditFormatter } from "../viewmodel/format.js";
import { at, fit, frame, inset, text, textWidth, type ChartOptions } from "./frame.js";
import { attribute, markup, type Markup } from "./markup.js";
import type { Theme } from "./theme.js";
import { t } from "../protocol/words.js";

const narrow = 420;
const gap = 8;
const radius = 2.5;
/** Room for dots above and below a row's middle. */
const reach = 13;
const rowHeight = 32;
/** What a narrow chart adds for the name above its dots. */
const nameHeight = 16;
const axisHeight = 22;
const legendHeight = 20;
/** Steps of fill between a feature's lowest and highest value; dots of one step are drawn in one path. */
const levels = 5;

interface Placed {
  readonly dot: SwarmDot;
  readonly x: number;
  readonly y: number;
}

/**
 * A row a feature, a dot a sample: how much credit it got (against to the left, for to the right of zero) and, by how full the dot is, whether its value was low or
 * high. Dots that would cover each other stand above and below the row's middle, so that a row's thickness tells how many there are. Where dots have keys each is a
 * button of an interactive chart; otherwise they are drawn together, and thousands stay small. Credits that are no numbers are left out.
 */
export function beeswarmChart(rows: readonly SwarmRow[], options: ChartOptions): string {
  const { theme, width } = options;
  const stacked = width < narrow;
  const label = stacked
    ? 0
    : Math.min(
        rows.reduce((most, row) => Math.max(most, textWidth(row.label) + 2 * inset), 0),
        width * 0.32,
      );
  const finite = rows.map((row) => row.dots.filter((dot) => Number.isFinite(dot.credit)));
  const [low = 0, high = 0] = extent([0, ...finite.flatMap((dots) => dots.map((dot) => dot.credit))]) as [number?, number?];
  const x = scaleLinear(low === high ? [-1, 1] : [low, high], [label + (stacked ? radius + 2 : gap + radius), width - radius - 2]);
  const height = rowHeight + (stacked ? nameHeight : 0);
  const bottom = Math.max(1, rows.length) * height;

  const row = ({ label: name }: SwarmRow, i: number): Markup => {
    const middle = i * height + (stacked ? nameHeight : 0) + rowHeight / 2;
    const placed = swarm(finite[i] ?? [], x, middle);
    const nameY = stacked ? i * height + nameHeight / 2 + 2 : middle;
    return markup`<g data-swarm="${name}" data-count="${placed.length}"><path d="M${at(x.range()[0] ?? 0)} ${at(middle)}H${at(width - 2)}" stroke="${theme.line}" stroke-opacity="0.5" fill="none"/>${text(inset, nameY, fit(name, stacked ? width - 2 * inset : label - inset), { fill: theme.text })}${dotsOf(placed, options)}</g>`;
  };
  const zero = at(x(0));
  const axis = markup`<path d="M${zero} 0V${bottom}" stroke="${theme.line}" fill="none"/>${ticks(low, high).map((credit) =>
    text(x(credit), bottom + axisHeight / 2, creditFormatter(Math.max(-low, high))(credit), {
      fill: theme.muted,
      ...(credit === 0 ? { anchor: "middle" } : credit > 0 ? { anchor: "end" } : {}),
    }),
  )}`;
  // Words have no values from low to high.
  const ordered = finite.some((dots) => dots.some((dot) => dot.level !== null));
  const below = ordered ? [legend(width, bottom + axisHeight + legendHeight / 2, theme)] : [];
  return frame(options, bottom + axisHeight + (ordered ? legendHeight : 0), "swarm", [axis, ...rows.map(row), ...below]);

  /** Zero and both ends, as far as their words leave each other room. */
  function ticks(least: number, most: number): readonly number[] {
    return [least, 0, most].filter((credit, i, all) => all.indexOf(credit) === i && (credit === 0 || Math.abs(x(credit) - x(0)) > 84));
  }
}

/** Dots in bins of their own width, stacked outwards from the middle in turn above and below; a bin with more than fit moves them together. */
function swarm(dots: readonly SwarmDot[], x: (credit: number) => number, middle: number): readonly Placed[] {
  const bins = new Map<number, SwarmDot[]>();
  for (const dot of dots) {
    const bin = Math.round(x(dot.credit) / (2 * radius));
    const own = bins.get(bin);
    if (own === undefined) bins.set(bin, [dot]);
    else own.push(dot);
  }
  return [...bins.values()].flatMap((members) => {
    const step = Math.min(2 * radius, (2 * (reach - radius)) / Math.max(1, members.length - 1));
    return members.map((dot, k) => ({ dot, x: at(x(dot.credit)), y: at(middle + (k % 2 === 0 ? 1 : -1) * Math.ceil(k / 2) * step) }));
  });
}

function dotsOf(placed: readonly Placed[], options: ChartOptions): readonly Markup[] {
  const { theme, interactive, selected } = options;
  const single = ({ dot }: Placed): boolean => dot.title !== undefined || dot.key !== undefined;
  const together = new Map<string, { readonly look: Markup; readonly at: Placed[] }>();
  for (const one of placed.filter((other) => !single(other))) {
    const look = lookOf(one.dot, theme);
    const group = together.get(look.text) ?? { look, at: [] };
    group.at.push(one);
    together.set(look.text, group);
  }
  const isChosen = ({ dot }: Placed): boolean => dot.key !== undefined && dot.key === selected;
  // On top of those that it would be lost among.
  const chosenLast = (dots: readonly Placed[]): readonly Placed[] => [...dots.filter((one) => !isChosen(one)), ...dots.filter(isChosen)];
  const circle = ({ x, y }: Placed): string => `M${at(x - radius)} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
  return [
    ...[...together.values()].map(({ look, at: members }) => markup`<path d="${members.map(circle).join("")}"${look}/>`),
    ...chosenLast(placed.filter(single)).map((one) => {
      const { dot } = one;
      const chosen = isChosen(one);
      const button =
        interactive === true && dot.key !== undefined ? markup` class="ep-button" role="button" tabindex="-1" aria-pressed="${String(chosen)}"` : null;
      return markup`<circle cx="${one.x}" cy="${one.y}" r="${chosen ? 2 * radius : radius}"${attribute("data-key", dot.key)} data-credit="${String(dot.credit)}"${button}${chosen ? markup` fill="${theme.focus}" stroke="${theme.text}"` : lookOf(dot, theme)}>${dot.title === undefined ? null : markup`<title>${dot.title}</title>`}</circle>`;
    }),
  ];
}

/** The side's colour; hollow for the lowest value, full for the highest, grey inside where values have no order. */
function lookOf({ credit, level }: SwarmDot, theme: Theme): Markup {
  const colour = credit < 0 ? theme.against : theme.for;
  if (level === null || !Number.isFinite(level)) return markup` fill="${theme.neutral}" fill-opacity="0.6" stroke="${colour}" stroke-width="0.8"`;
  const step = Math.round(Math.min(1, Math.max(0, level)) * (levels - 1));
  return markup` fill="${colour}" fill-opacity="${at(step / (levels - 1))}" stroke="${colour}" stroke-width="0.8"`;
}

/** Empty to full dots between the words for low and high. */
function legend(width: number, y: number, theme: Theme): Markup {
  const [low, high] = [t("low value"), t("high value")];
  const right = width - inset - textWidth(high) - gap;
  const left = right - (levels - 1) * 12;
  const dots = Array.from(
    { length: levels },
    (_, i) =>
      markup`<circle cx="${at(left + i * 12)}" cy="${at(y)}" r="${radius + 0.5}" fill="${theme.muted}" fill-opacity="${at(i / (levels - 1))}" stroke="${theme.muted}" stroke-width="0.8"/>`,
  );
  return markup`<g aria-hidden="true">${text(left - gap, y, low, { fill: theme.muted, anchor: "end" })}${dots}${text(right + gap, y, high, { fill: theme.muted })}</g>`;
}
