import type { Bar, ExplanationView, InputView } from "../../protocol/viewModel.js";
import { sumOf } from "../../viewmodel/rank.js";
import { barChart } from "../barChart.js";
import { Markup, markup } from "../markup.js";
import { waterfallChart } from "../waterfallChart.js";
import { shownFeatures, withOpenGroups } from "./featureGroups.js";
import { tableAlternative, type SectionOptions } from "./section.js";
import { t } from "../../protocol/words.js";

/** Up to this many rows a chart is read at once; of more, the largest are shown and the rest is summed. */
const readable = 40;
const shownAtFirst = "25";
const mostFound = 200;

/** The bars that a look leaves, and the sum of the others. A group is found by its members too, and shows those. */
function chosenBars(bars: readonly Bar[], find: string, top: string): { readonly shown: readonly Bar[]; readonly rest: readonly Bar[] } {
  const wanted = find.trim().toLowerCase();
  if (wanted !== "") {
    const isWanted = ({ label }: Bar): boolean => label.toLowerCase().includes(wanted);
    const found = bars.flatMap((bar) => {
      const members = bar.members?.filter(isWanted) ?? [];
      return isWanted(bar) ? [bar] : members.length > 0 ? [{ ...bar, members }] : [];
    });
    return { shown: found.slice(0, mostFound), rest: found.slice(mostFound) };
  }
  const count = top === "all" ? bars.length : Number(top);
  return { shown: bars.slice(0, count), rest: bars.slice(count) };
}

/** Chart, controls and table of/** Chart, controls and table of an input of named numbers: bars, or steps from the baseline's score to the sample's. */
export function featuresBody(
  input: Extract<InputView, { kind: "features" }>,
  view: Pick<ExplanationView, "check" | "largest" | "inputs">,
  title: string,
  options: SectionOptions,
): { readonly tools: readonly (Markup | null | undefined)[]; readonly body: readonly (Markup | null)[] } {
  const id = `input/${input.name}`;
  const { controls, look = () => undefined } = options;
  const { score, baselineScore } = view.check;
  const rows = shownFeatures(input, options);
  const many = rows.bars.length > readable;
  const find = many ? (look(`${id}/find`) ?? "") : "";
  const top = look(`${id}/top`) ?? (many ? shownAtFirst : "all");
  const { shown, rest } = chosenBars(rows.bars, find, top);
  const groupKey = `${id}/open/`;
  const found = rows === input.grouped && find.trim() !== "";
  const drawn = withOpenGroups(
    shown,
    (group) => look(`${groupKey}${group.label}`) === "open" || (found && !group.label.toLowerCase().includes(find.trim().toLowerCase())),
  );
  const scores = score !== null && baselineScore !== null && Number.isFinite(score - baselineScore) ? { from: baselineScore, to: score } : null;
  const form = scores === null ? "bars" : (look(`${id}/form`) ?? "bars");
  const common = view.inputs.length > 1 && (look(`${id}/scale`) ?? "common") === "common";
  // What a search left out is not among the others of its hits.
  const { count: cut, sum: cutSum } = (find.trim() === "" ? rows.cut : undefined) ?? { count: 0, sum: 0 };
  const others = { count: rest.length + cut, sum: sumOf(rest) + cutSum };
  const chartOptions = { ...options, interactive: options.interactive && rows === input.grouped, title, groupKey };
  const chart =
    shown.length === 0
      ? markup`<p class="ep-note">${input.bars.length === 0 ? t("This input has no elements.") : t("No feature is called “{0}”.", find)}</p>`
      : form === "waterfall" && scores !== null && find.trim() === ""
        ? new Markup(waterfallChart(drawn, scores, chartOptions))
        : new Markup(
            barChart(drawn, {
              ...chartOptions,
              ...(common ? { largest: view.largest } : {}),
              ...(others.count === 0 ? {} : { rest: others }),
            }),
          );
  return {
    tools: [
      scores === null || input.bars.length === 0
        ? null
        : controls?.pick(
            `${id}/form`,
            t("Form"),
            [
              ["bars", t("Bars")],
              ["waterfall", t("Waterfall")],
            ],
            form,
          ),
      input.grouped === undefined
        ? null
        : controls?.pick(
            `${id}/groups`,
            t("Groups"),
            [
              ["grouped", t("Grouped")],
              ["single", t("Single")],
            ],
            rows === input.grouped ? "grouped" : "single",
          ),
      many ? controls?.search(`${id}/find`, t("Find a feature"), find) : null,
      many
        ? controls?.pick(
            `${id}/top`,
            t("How many"),
            [
              ["10", "10"],
              [shownAtFirst, shownAtFirst],
              ["100", "100"],
              ["all", t("All")],
            ],
            top,
          )
        : null,
      view.inputs.length > 1 && form === "bars"
        ? controls?.pick(
            `${id}/scale`,
            t("Scale"),
            [
              ["common", t("Common scale")],
              ["own", t("Own scale")],
            ],
            common ? "common" : "own",
          )
        : null,
    ],
    body: [chart, tableAlternative(id, rows.bars, t("Feature"), options)],
  };
}
