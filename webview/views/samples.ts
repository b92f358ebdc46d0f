import { markup, type Markup } from "../../src/charts/markup.js";
import { section } from "../../src/charts/sections/section.js";
import { mostManyRows } from "../../src/protocol/manyView.js";
import type { TableQuery, TableView } from "../../src/protocol/viewModel.js";
import { sectionControls } from "./sectionControls.js";
import { t } from "../../src/protocol/words.js";

/** How the table starts. */
export const firstQuery: TableQuery = { from: 0, sort: "row", descending: false, only: "all", predicted: "", search: "" };

const pages = (table: TableView): number => Math.max(1, Math.ceil(table.matching / table.pageSize));

function header({ query }: TableView, sort: TableQuery["sort"], label: string): Markup {
  const own = query.sort === sort;
  const order = own ? (query.descending ? "descending" : "ascending") : "none";
  return markup`<th scope="col" aria-sort="${order}"><span role="button" tabindex="0" class="sort" data-sort="${sort}" data-focus="sort/${sort}">${label}${own ? (query.descending ? " ↓" : " ↑") : ""}</span></th>`;
}

function body(table: TableView, row: number | null): Markup {
  const lines = table.rows.map(
    (one) =>
      markup`<tr data-sample="${one.row}" data-predicted="${one.predicted}" data-right="${one.right === null ? "" : String(one.right)}"${one.row === row ? markup` class="current" aria-current="true"` : null}><td><span role="button" tabindex="0" class="go" data-go="${one.row}" data-focus="go/${one.row}" aria-label="${t("Explain row {0}", one.row)}">${one.row}</span></td><td class="text" title="${one.text}" dir="auto">${one.text}</td>${
        table.classes.length > 0 ? markup`<td>${one.predicted}</td>` : null
      }<td class="number">${Number.isFinite(one.score) ? one.score.toFixed(4) : "n/a"}</td>${
        table.labelled ? markup`<td>${one.label}</td><td>${one.right === null ? "" : one.right ? t("✓ right") : t("✗ wrong")}</td>` : null
      }</tr>`,
  );
  return markup`<div class="ep-scroll" tabindex="0" role="region" aria-label="${t("Samples")}"><table class="ep-table samples"><thead><tr>${header(table, "row", t("Row"))}<th scope="col" class="text">${t("Sample")}</th>${table.classes.length > 0 ? header(table, "predicted", t("Predicted")) : null}${header(table, "score", t("Score"))}${table.labelled ? [header(table, "label", t("Label")), markup`<th scope="col">${t("Right")}</th>`] : null}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

function rowsText({ matching, total, read }: TableView): string {
  if (matching === total) return t("{0} rows", total);
  return read < total ? t("{0} of the first {1} of {2} rows", matching, read, total) : t("{0} of {1} rows", matching, total);
}

function pager(table: TableView): Markup {
  const page = Math.floor(table.query.from / table.pageSize);
  const step = (to: number, sign: string, label: string): Markup =>
    markup`<vscode-button appearance="icon" data-page="${to * table.pageSize}" data-focus="page/${label}" aria-label="${label}" title="${label}"${to < 0 || to >= pages(table) ? markup` disabled` : null}>${sign}</vscode-button>`;
  return markup`<div class="pager">${step(page - 1, "‹", t("Previous page"))}<span data-test="table-page">${t("{0} of {1}", page + 1, pages(table))}</span>${step(page + 1, "›", t("Next page"))}<span class="ep-note" data-test="table-count">${rowsText(table)}${table.accuracy === null ? "" : t(" · {0} % right", (table.accuracy * 100).toFixed(1))}</span></div>`;
}

/** The sample file with what the model says of each row; closed until somebody wants it. `row` is the one that is explained. */
export function samplesSection(table: TableView | null | undefined, row: number | null): Markup {
  if (table === null || table === undefined)
    return section("samples", markup`${t("Samples")}`, "", [markup`<p class="ep-note">${t("Running the model on the sample file …")}</p>`], { closed: true });
  const { query } = table;
  const tools = [
    sectionControls.search("table/search", t("Find in samples"), query.search),
    table.labelled && table.classes.length > 0
      ? sectionControls.pick(
          "table/only",
          t("Right or wrong"),
          [
            ["all", t("All")],
            ["wrong", t("Wrong")],
            ["right", t("Right")],
          ],
          query.only,
        )
      : null,
    table.classes.length > 1
      ? markup`<vscode-dropdown data-look="table/predicted" data-focus="table/predicted" aria-label="${t("Predicted class")}" value="${query.predicted}"><vscode-option value=""${query.predicted === "" ? markup` selected` : null}>${t("any class")}</vscode-option>${table.classes.map((one) => markup`<vscode-option value="${one}"${one === query.predicted ? markup` selected` : null}>${one}</vscode-option>`)}</vscode-dropdown>`
      : null,
  ];
  const explained = Math.min(mostManyRows, table.matching);
  const many =
    table.matching === 0
      ? null
      : sectionControls.action(
          "many",
          "start",
          explained < table.matching
            ? t("Explain {0} of these rows", explained.toLocaleString("en"))
            : explained === 1
              ? t("Explain this row")
              : t("Explain these {0} rows", explained.toLocaleString("en")),
        );
  const progress = table.read < table.total ? markup`<p class="ep-note" role="status">${t("{0} of {1} rows read so far.", table.read, table.total)}</p>` : null;
  const failed = table.error === "" ? null : markup`<p class="ep-note" role="alert">${table.error}</p>`;
  return section(
    "samples",
    markup`${t("Samples")}`,
    t("prediction, label and score of each row"),
    [failed, body(table, row), pager(table), progress, many === null ? null : markup`<p>${many}</p>`],
    {
      tools,
      closed: true,
    },
  );
}
