import { markup, type Markup } from "./markup.js";

/** Terms and what they are, in a line. */
export function factList(rows: readonly (readonly [term: string, value: string])[]): Markup {
  return markup`<dl class="ep-facts">${rows.map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}
