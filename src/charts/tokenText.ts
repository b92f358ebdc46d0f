import type { TokenMark } from "../protocol/viewModel.js";
import { creditFormatter } from "../viewmodel/format.js";
import { largestCredit } from "../viewmodel/rank.js";
import { colourLevel } from "../viewmodel/scale.js";
import { markup } from "./markup.js";

/**
 * The text with each word on the colour of its credit, as HTML: it wraps, reads and copies like text. Colours are classes (ep-for-1 … ep-for-10,
 * ep-against-1 …) of the page's style sheet; the number is in the tooltip and in data-credit.
 */
export function tokenText(tokens: readonly TokenMark[], title: string): string {
  const largest = largestCredit(tokens);
  const credit = creditFormatter(largest);
  const words = tokens.map((token) => {
    const level = colourLevel(token.credit, largest);
    const side = token.credit >= 0 ? "for" : "against";
    const error = token.error === undefined || token.error === 0 ? "" : ` ± ${credit(token.error).replace("+", "")}`;
    return markup`<span class="ep-token${level === 0 ? "" : ` ep-${side} ep-${side}-${level}`}" data-label="${token.text}" data-credit="${String(token.credit)}" title="${`${token.text}: ${credit(token.credit)}${error}`}">${token.text}</span>${token.after}`;
  });
  return markup`<p class="ep-tokens" role="group" aria-label="${title}" dir="auto">${words}</p>`.text;
}
