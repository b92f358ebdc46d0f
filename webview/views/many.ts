import { markup, type Markup } from "../../src/charts/markup.js";
import { factList } from "../../src/charts/factList.js";
import { creditFigures, driversFigures, type Figure } from "../../src/charts/sections/creditFigures.js";
import { section, type SectionOptions } from "../../src/charts/sections/section.js";
import { mostManyRows, type ManyView } from "../../src/protocol/manyView.js";
import { t } from "../../src/protocol/words.js";
import { sectionControls } from "./sectionControls.js";

/** More features than this are searched rather than read. */
const readable = 10;

const count = (n: number): string => n.toLocaleString("en");

function figure({ title, note, body }: Figure): Markup {
  return markup`<div class="many-figure"><h3>${title}</h3><p class="ep-note">${note}</p>${body}</div>`;
}

function paceWords({ phase, done, total, rowsPerSecond, refused }: ManyView): string {
  const rows = done < total ? t("{0} of {1} rows", count(done), count(total)) : t("{0} rows", count(done));
  return [
    rows,
    ...(phase === "running" && rowsPerSecond > 0 ? [t("{0} a second", rowsPerSecond < 10 ? rowsPerSecond.toFixed(1) : count(Math.round(rowsPerSecond)))] : []),
    ...(refused > 0 ? [t("{0} could not be explained", count(refused))] : []),
    ...(phase === "cancelled" ? [t("cancelled")] : []),
  ].join(" · ");
}

/** How far it is, and why it ended early. */
function progress(many: ManyView): Markup | null {
  const { phase, done, total, error } = many;
  if (phase === "failed") return markup`<p role="alert" data-test="many-error">${error}</p>`;
  if (phase !== "running") return null;
  const percent = Math.floor((100 * done) / Math.max(1, total));
  return markup`<div class="ep-trust-progress" role="status" data-test="many-progress"><progress max="100" value="${percent}" aria-label="${t("Explaining the rows")}"></progress><span>${paceWords(many)}</span>${sectionControls.action("many", "stop", t("Cancel"))}</div>`;
}

function tools({ look, groups, features, credits }: ManyView): readonly (Markup | null)[] {
  const many = features > readable || look.search !== "";
  return [
    groups.length > 1
      ? sectionControls.pick(
          "many/group",
          t("Which rows"),
          groups.map(({ id, label }) => [id, label] as const),
          look.group,
        )
      : null,
    many ? sectionControls.search("many/search", t("Find a feature"), look.search) : null,
    many
      ? sectionControls.pick(
          "many/most",
          t("How many"),
          [10, 25, 100].map((most) => [String(most), String(most)] as const),
          String(look.most),
        )
      : null,
    credits === null ? null : sectionControls.pictures("many"),
    credits === null ? null : sectionControls.action("many", "csv", "CSV", t("Export the means as CSV")),
    credits === null ? null : sectionControls.action("many", "command", "CLI", t("Copy the CLI command that gives these means")),
  ];
}

function charts({ credits, drivers, look, features }: ManyView, row: number | null, options: SectionOptions): Markup {
  if (credits === null) return markup`<p class="ep-note">${t("Explaining the first rows …")}</p>`;
  const prefix = "many/";
  const figures = creditFigures(credits, options, { prefix, ...(row === null ? {} : { row }) });
  const nothing = features === 0 && look.search !== "" ? markup`<p class="ep-note">${t("No feature is called “{0}”.", look.search)}</p>` : null;
  const left = credits.left > 0 ? markup`<p class="ep-note">${t("The {0} largest of {1} features.", credits.importance.length, features)}</p>` : null;
  return markup`${nothing}${left}<div class="many-figures">${[...figures, ...driversFigures(drivers, options, prefix)].map(figure)}</div>`;
}

/** Sections are large: as long as nothing they depend on changed, the former text is the text. */
const made = new WeakMap<ManyView, { readonly key: string; readonly made: Markup }>();

/** What many rows say together, while they are explained and after; null before anybody asked. `row` is the one on the screen, `folds` what the reader opened and closed. */
export function manySection(many: ManyView | null, row: number | null, folds: Readonly<Record<string, boolean>>, options: SectionOptions): Markup | null {
  if (many === null) return null;
  const key = JSON.stringify([row, options.width, folds]);
  const former = made.get(many);
  if (former?.key === key) return former.made;
  const picked = many.matching > many.total;
  const whole = sectionControls.action("many", "dataset", t("Explain dataset…"));
  const next = section(
    "many",
    markup`${t("Many samples")}`,
    many.phase === "running" ? "" : paceWords(many),
    [
      progress(many),
      factList(many.facts),
      picked
        ? markup`<p class="many-picked"><span>${t("At most {0} rows are explained here; all of them go into a file.", count(mostManyRows))}</span> ${whole}</p>`
        : null,
      // What nobody sees is not drawn.
      folds["many"] === false ? null : charts(many, row, options),
    ],
    { tools: tools(many) },
  );
  made.set(many, { key, made: next });
  return next;
}
