import type { TokenMark } from "../protocol/viewModel.js";
import { creditFormatter } from "../viewmodel/format.js";
import { largestCredit } from "../viewmodel/rank.js";
import { colourLevel } from "../viewmodel/scale.js";
import { attribute, Markup, markup } from "./markup.js";

/** Words a paragraph of a long document: what is out of sight is neither laid out nor painted (content-visibility in the style sheet). */
const chunkLength = 200;

export interface TextOptions {
  /** The |credit| of the darkest colour, when several inputs share one scale; the text's own otherwise. */
  readonly largest?: number;
  /** Words can be gone through with the arrow keys. */
  readonly interactive?: boolean;
}

function wordMarkup(token: TokenMark, largest: number, credit: (x: number) => string): Markup {
  const level = colourLevel(token.credit, largest);
  const side = token.credit >= 0 ? "for" : "against";
  const error = token.error === undefined || token.error === 0 ? "" : ` ± ${credit(token.error).replace("+", "")}`;
  const parts = token.parts === undefined ? "" : ` (${token.parts.map((part) => `${part.text} ${credit(part.credit)}`).join(", ")})`;
  return markup`<span class="ep-token${level === 0 ? "" : ` ep-${side} ep-${side}-${level}`}" data-label="${token.text}" data-credit="${String(token.credit)}"${attribute("data-span", token.span?.join("-"))} title="${`${token.text}: ${credit(token.credit)}${error}${parts}`}">${token.text}</span>${token.after}`;
}

/** The coloured words of one part of a long text, for a page that draws parts as they come into sight. */
export function textChunk(tokens: readonly TokenMark[], index: number, options: Pick<TextOptions, "largest">): string {
  const largest = options.largest ?? largestCredit(tokens);
  const credit = creditFormatter(largestCredit(tokens));
  return markup`${tokens.slice(index * chunkLength, (index + 1) * chunkLength).map((token) => wordMarkup(token, largest, credit))}`.text;
}

/**
 * The text with each word on the colour of its credit, as HTML: it wraps, reads and copies like text. Colours are classes (ep-for-1 … ep-for-10,
 * ep-against-1 …) of the page's style sheet; the number and the word's tokens are in the tooltip, the number in data-credit, the place in the text in data-span.
 * Of a long interactive text only the first part is coloured: the page colours the others (data-chunk) when they come into sight.
 */
export function tokenText(tokens: readonly TokenMark[], title: string, options: TextOptions = {}): string {
  const { largest = largestCredit(tokens), interactive = false } = options;
  const credit = creditFormatter(largestCredit(tokens));
  const name = markup`role="group" aria-label="${title}"${interactive ? markup` tabindex="0" data-words data-focus="words/${title}"` : null}`;
  if (tokens.length <= 2 * chunkLength)
    return markup`<p class="ep-tokens" ${name} dir="auto">${tokens.map((token) => wordMarkup(token, largest, credit))}</p>`.text;
  const chunks = Array.from({ length: Math.ceil(tokens.length / chunkLength) }, (_, i) =>
    interactive && i > 0
      ? markup`<p class="ep-chunk" dir="auto" data-chunk="${i}">${tokens
          .slice(i * chunkLength, (i + 1) * chunkLength)
          .map(({ text, after }) => text + after)
          .join("")}</p>`
      : markup`<p class="ep-chunk" dir="auto">${new Markup(textChunk(tokens, i, { largest }))}</p>`,
  );
  return markup`<div class="ep-tokens ep-long" ${name}>${chunks}</div>`.text;
}
