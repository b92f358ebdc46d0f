import type { Bar, TokenMark } from "../../protocol/viewModel.js";
import { creditTable } from "../creditTable.js";
import { Markup, markup } from "../markup.js";
import type { Theme } from "../theme.js";
import { t } from "../../protocol/words.js";

/** Controls inside sections. The page makes them of its own widgets; documents without script have none. */
export interface SectionControls {
  /** One of several ways to look at something: kept by the page under `key`. */
  pick(key: string, label: string, choices: readonly (readonly [id: string, label: string])[], chosen: string): Markup;
  search(key: string, label: string, value: string): Markup;
  /** 0…100, applied while it moves. */
  range(key: string, label: string, value: number): Markup;
  /** Something to ask the extension; `spoken` where the label alone does not say what. */
  action(intent: string, value: string, label: string, spoken?: string): Markup;
  /** Buttons that save a section's charts as pictures. */
  pictures(id: string): Markup;
}

/** How sections are drawn: the panel is interactive and knows its width, the report is neither. */
export interface SectionOptions {
  readonly width: number;
  readonly theme: Theme;
  readonly interactive: boolean;
  readonly controls?: SectionControls;
  /** What the reader chose under a key; undefined where nothing was chosen. */
  readonly look?: (key: string) => string | undefined;
  /** Whether a folded table is open; without it all tables are made at once. */
  readonly opened?: (id: string) => boolean;
}

interface Extras {
  /** Controls under the title. */
  readonly tools?: readonly (Markup | null | undefined)[];
  readonly closed?: boolean;
}

/** A foldable section; `id` names it for tests and for remembering whether it is open. */
export function section(id: string, title: Markup, note: string, body: readonly (Markup | null)[], { tools = [], closed = false }: Extras = {}): Markup {
  const shown = tools.filter((tool) => tool !== null && tool !== undefined);
  return markup`<details class="ep-section"${closed ? null : markup` open`} data-fold="${id}" data-section="${id}"><summary><h2>${title}</h2>${note === "" ? null : markup`<span class="ep-note">${note}</span>`}</summary>${
    shown.length === 0 ? null : markup`<div class="ep-tools">${shown}</div>`
  }${body}</details>`;
}

/** The folded table under a chart. */
export function tableAlternative(id: string, rows: readonly (Bar | TokenMark)[], heading: string, { opened }: SectionOptions): Markup {
  const table = opened === undefined || opened(`${id}/table`) ? new Markup(creditTable(rows, heading)) : null;
  return markup`<details class="ep-alternative" data-fold="${id}/table"><summary>${t("Show as table")}</summary>${table}</details>`;
}
