import type { Bar } from "../protocol/viewModel.js";
import { at, type ChartOptions } from "./frame.js";
import { attribute, markup, type Markup } from "./markup.js";

/** A row of a chart of features: one of a group stands below it when the group is open. */
export interface FeatureRow extends Bar {
  /** Of a group: whether its members are the rows below. */
  readonly open?: boolean;
  /** Of a member of an open group. */
  readonly inside?: true;
}

/** What charts of groups are told besides a chart's options. */
export interface GroupOptions extends ChartOptions {
  /** Before a group's name, under what the page keeps whether it is open; absent where groups stay closed. */
  readonly groupKey?: string;
}

const step = 14;

/** How far a row's name is set in: groups have an arrow before it, and members stand below their group's name. */
export function indentOf(row: FeatureRow, rows: readonly FeatureRow[]): number {
  return rows.some(({ members }) => members !== undefined) ? (row.inside === true ? 2 * step : step) : 0;
}

/** Attributes of a group's row: a button that opens and closes it. */
export function groupAttributes({ label, members, open = false }: FeatureRow, { interactive, groupKey, title }: GroupOptions): Markup {
  if (members === undefined) return markup``;
  if (interactive !== true || groupKey === undefined) return markup`${attribute("data-group", label)}`;
  return markup` class="ep-button" role="button" tabindex="0" data-group="${label}" data-unfold="${groupKey}${label}" data-focus="${title}/${label}" aria-expanded="${open ? "true" : "false"}"`;
}

/** The arrow before a group's name, its middle at `y`; null for other rows. */
export function groupArrow({ members, open }: FeatureRow, x: number, y: number, stroke: string): Markup | null {
  if (members === undefined) return null;
  const shape = open === true ? `M${at(x)} ${at(y - 2)}l4 4l4 -4` : `M${at(x + 2)} ${at(y - 4)}l4 4l-4 4`;
  return markup`<path d="${shape}" stroke="${stroke}" fill="none"/>`;
}
