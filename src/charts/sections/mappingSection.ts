import { markup, type Markup } from "../markup.js";
import { section, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

/** Which column of the sample file feeds which input, and in the panel a way to say it otherwise; nothing where every value was given. */
export function mappingSection(mapping: readonly string[] | undefined, { controls }: SectionOptions): Markup | null {
  if (mapping === undefined || mapping.length === 0) return null;
  const lines = mapping.map((line) => {
    const [input = "", from = ""] = line.split(" ← ");
    return markup`<tr><th scope="row">${input}</th><td>${from}</td></tr>`;
  });
  const body = markup`<table class="ep-table" data-test="mapping"><thead><tr><th scope="col">${t("Input")}</th><th scope="col">${t("Columns")}</th></tr></thead><tbody>${lines}</tbody></table>`;
  return section("mapping", markup`${t("Columns")}`, t("which column of the samples feeds which input"), [body], {
    tools: [controls?.action("columns", "", t("Choose columns…"))],
    closed: true,
  });
}
