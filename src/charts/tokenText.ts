import type { RemovedText, TokenMark } from "../protocol/viewModel.js";
import { creditFormatter } from "../viewmodel/format.js";
import { largestCredit } from "../viewmodel/rank.js";
import { colourLevel } from "../viewmodel/scale.js";
import { attribute, Markup, markup } from "./markup.js";
import { isRightToLeft } from "./rightToLeft.js";
import type { ShownMark, ShownText, TextItem } from "./shownText.js";
import { t } from "../protocol/words.js";

/** Words a paragraph of a long document: what is out of sight is neither laid out nor painted (content-visibility in the style sheet). */
const chunkLength = 200;
/** Of a longer part (a sentence) the beginning stands for it where its number is told. */
const mostTold = 48;

type Drawn = Pick<ShownText, "items" | "marks" | "largest">;

const told = (text: string): string => (text.length > mostTold ? `${text.slice(0, mostTold).trimEnd()}…` : text);

function removedMarkup({ text, at }: RemovedText): Markup {
  const word = text.trim();
  const [before = "", after = ""] = text.split(word);
  return markup`${before}<del class="ep-removed" data-at="${at}" data-text="${text}" title="${t("{0}: removed", told(word))}">${word}</del>${after}`;
}

/** A sentence with what was removed from within it. */
function innerMarkup({ text, span, inner = [] }: ShownMark): Markup {
  const start = span?.[0] ?? 0;
  const cuts = [0, ...inner.map(({ at }) => at - start)];
  return markup`${cuts.map((cut, i) => markup`${i === 0 ? null : removedMarkup(inner[i - 1] ?? { text: "", at: 0 })}${text.slice(cut, cuts[i + 1])}`)}`;
}

function itemMarkup(item: TextItem, largest: number, credit: (x: number) => string): Markup {
  if ("at" in item) return removedMarkup(item);
  const level = colourLevel(item.credit, largest);
  const side = item.credit >= 0 ? "for" : "against";
  const error = item.error === undefined || item.error === 0 ? "" : ` ± ${credit(item.error).replace("+", "")}`;
  const parts = item.parts === undefined ? "" : ` (${item.parts.map((part) => `${part.text} ${credit(part.credit)}`).join(", ")})`;
  return markup`<span class="ep-token${level === 0 ? "" : ` ep-${side} ep-${side}-${level}`}" data-label="${item.text}" data-credit="${String(item.credit)}"${attribute("data-span", item.span?.join("-"))} title="${`${told(item.text)}: ${credit(item.credit)}${error}${parts}`}">${item.inner === undefined ? item.text : innerMarkup(item)}</span>${item.after}`;
}

/** The coloured words of one part of a long text, for a page that draws parts as they come into sight. */
export function textChunk({ items, marks, largest }: Drawn, index: number): string {
  const credit = creditFormatter(largestCredit(marks));
  return markup`${items.slice(index * chunkLength, (index + 1) * chunkLength).map((item) => itemMarkup(item, largest, credit))}`.text;
}

/** Told by the text itself: what a tokenizer puts before it is Latin whatever follows. */
function direction(marks: readonly TokenMark[]): "rtl" | "auto" {
  return isRightToLeft(marks.find(({ span, text }) => span !== undefined && /\p{L}/u.test(text))?.text ?? "") ? "rtl" : "auto";
}

/**
 * The text with each word on the colour of its credit, as HTML: it wraps, reads and copies like text. Colours are classes (ep-for-1 … ep-for-10,
 * ep-against-1 …) of the page's style sheet; the number and the word's tokens are in the tooltip, the number in data-credit, the place in the text in data-span.
 * What was removed is struck through. With a `path`, which names the text to the page, words can be gone through with the arrow keys, and of a long text only the
 * first part is coloured: the page colours the others (data-chunk) when they come into sight.
 */
export function tokenText(text: Drawn, title: string, path?: string): string {
  const { items } = text;
  const dir = direction(text.marks);
  const name = markup`role="group" aria-label="${title}"${path === undefined ? null : markup` tabindex="0" data-words="${path}" data-focus="words/${path}"`}`;
  if (items.length <= 2 * chunkLength) {
    const credit = creditFormatter(largestCredit(text.marks));
    return markup`<p class="ep-tokens" ${name} dir="${dir}">${items.map((item) => itemMarkup(item, text.largest, credit))}</p>`.text;
  }
  const chunks = Array.from({ length: Math.ceil(items.length / chunkLength) }, (_, i) =>
    path !== undefined && i > 0
      ? markup`<p class="ep-chunk" dir="${dir}" data-chunk="${i}">${items
          .slice(i * chunkLength, (i + 1) * chunkLength)
          .map((item) => ("at" in item ? item.text : item.text + item.after))
          .join("")}</p>`
      : markup`<p class="ep-chunk" dir="${dir}">${new Markup(textChunk(text, i))}</p>`,
  );
  return markup`<div class="ep-tokens ep-long" ${name}>${chunks}</div>`.text;
}
