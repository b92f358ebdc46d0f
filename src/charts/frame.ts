import type { Theme } from "./theme.js";
import { attribute, markup, type Markup } from "./markup.js";

/** What every chart is told besides its data. */
export interface ChartOptions {
  /** Pixels; a chart lays itself out anew for a narrow one (from 240 on). */
  readonly width: number;
  readonly theme: Theme;
  /** What a screen reader says of the chart as a whole. */
  readonly title: string;
  /** Rows and cells with a key become buttons. Off in documents without script. */
  readonly interactive?: boolean;
  /** The key of the chosen row or cell. */
  readonly selected?: string;
}

const fontSize = 12;
const averageGlyph = 7.1;

/** Room between a row's outline and its text. */
export const inset = 4;

/** Width of a text in the charts' font, roughly: there is no DOM to measure with. */
export function textWidth(text: string): number {
  return Array.from(text).reduce((width, character) => width + (character.charCodeAt(0) > 0x2e7f ? 2 : 1) * averageGlyph, 0);
}

/** The text, cut with an ellipsis where it would not fit. */
export function fit(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (textWidth(`${kept}${character}…`) > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Coordinates with two decimals at most. */
export function at(x: number): number {
  return Math.round(x * 100) / 100;
}

/** An SVG of the given size. A picture to assistive technology unless it holds buttons; the table beside it has every number. */
export function frame(options: ChartOptions, height: number, name: string, content: readonly Markup[]): string {
  const { theme, width, title, interactive } = options;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="ep-chart ep-${name}" width="${at(width)}" height="${at(height)}" viewBox="0 0 ${at(width)} ${at(height)}" role="${interactive === true ? "group" : "img"}" aria-label="${title}" font-family="${theme.font}" font-size="${fontSize}">${content}</svg>`
    .text;
}

/** Attributes of a row or cell: a button when it can be chosen. Its name is its <title>; `ep-hit` is the class of what is outlined when it is pointed at. */
export function buttonAttributes(options: ChartOptions, key: string | undefined, hit?: "ep-hit"): Markup {
  if (options.interactive !== true || key === undefined) return markup`${attribute("data-key", key)}`;
  return markup` class="ep-button${hit === undefined ? "" : ` ${hit}`}" role="button" tabindex="0" data-key="${key}" data-focus="${options.title}/${key}" aria-pressed="${options.selected === key ? "true" : "false"}"`;
}

interface TextStyle {
  readonly fill: string;
  readonly anchor?: "middle" | "end";
  readonly weight?: number;
}

/** One line of text, its middle on y. */
export function text(x: number, y: number, content: string, style: TextStyle): Markup {
  return markup`<text x="${at(x)}" y="${at(y)}" dominant-baseline="central" fill="${style.fill}"${attribute("text-anchor", style.anchor)}${attribute("font-weight", style.weight)}>${content}</text>`;
}
