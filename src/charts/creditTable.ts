import type { Bar, TokenMark } from "../protocol/viewModel.js";
import { creditFormatter, formatSmall } from "../viewmodel/format.js";
import { largest, largestCredit } from "../viewmodel/rank.js";
import { markup } from "./markup.js";
import { t } from "../protocol/words.js";

const mostRows = 400;

type Row = Bar | TokenMark;

/** Features that belong together below the row of their sum. */
const withMembers = (row: Row): readonly (Row & { readonly inside?: true })[] =>
  "members" in row && row.members !== undefined ? [row, ...row.members.map((member) => ({ ...member, inside: true as const }))] : [row];

/** The numbers of a chart as a table: the alternative for those who read rather than look. */
export function creditTable(given: readonly Row[], heading: string): string {
  const all = given.flatMap(withMembers);
  // A table of thousands is read by nobody and slow for everybody; the export has every number.
  const rows = all.length <= mostRows ? all : largest(all, mostRows);
  const credit = creditFormatter(largestCredit(rows));
  const values = rows.some((row) => "value" in row && row.value !== "");
  const errors = rows.some((row) => row.error !== undefined);
  const body = rows.map((row) => {
    const name = "text" in row ? row.text : row.label;
    return markup`<tr><th scope="row"${row.inside === true ? markup` class="ep-member"` : null}>${name}</th>${values ? markup`<td>${"value" in row ? row.value : ""}</td>` : null}<td>${credit(row.credit)}</td>${errors ? markup`<td>${row.error === undefined ? "" : formatSmall(row.error)}</td>` : null}</tr>`;
  });
  const left = rows.length < all.length ? markup`<p class="ep-note">${t("The {0} largest of {1}; the CSV file has all.", rows.length, all.length)}</p>` : null;
  return markup`${left}<table class="ep-table"><thead><tr><th scope="col">${heading}</th>${values ? markup`<th scope="col">${t("Value")}</th>` : null}<th scope="col">${t("Credit")}</th>${errors ? markup`<th scope="col">${t("Error ±")}</th>` : null}</tr></thead><tbody>${body}</tbody></table>`
    .text;
}
