import type { Bar, TokenMark } from "../../protocol/viewModel.js";
import { creditTable } from "../creditTable.js";
import { Markup, markup } from "../markup.js";
import type { Theme } from "../theme.js";

/** How sections are drawn: the panel is interactive and knows its width, the report is neither. */
export interface SectionOptions {
  readonly width: number;
  readonly theme: Theme;
  readonly interactive: boolean;
}

/** A foldable section; `id` names it for tests and for remembering whether it is open. */
export function section(id: string, title: Markup, note: string, body: readonly (Markup | null)[]): Markup {
  return markup`<details class="ep-section" open data-fold="${id}" data-section="${id}"><summary><h2>${title}</h2>${note === "" ? null : markup`<span class="ep-note">${note}</span>`}</summary>${body}</details>`;
}

/** The folded table under a chart. */
export function tableAlternative(id: string, rows: readonly (Bar | TokenMark)[], heading: string): Markup {
  return markup`<details class="ep-alternative" data-fold="${id}/table"><summary>Show as table</summary>${new Markup(creditTable(rows, heading))}</details>`;
}
