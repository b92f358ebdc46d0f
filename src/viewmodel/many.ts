import type { Explanation } from "../protocol/explanation.js";
import type { ManyView } from "../protocol/manyView.js";
import type { Choice, TableQuery } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";
import { currentBaseline, methodLabel } from "./names.js";
import { targetLabel } from "./prediction.js";

const count = (n: number): string => n.toLocaleString("en");

/** Which rows were asked about, in words: the filter of the table. */
function filterWords({ only, predicted, search }: TableQuery): string {
  return [
    ...(only === "all" ? [] : [only === "wrong" ? t("wrong ones") : t("right ones")]),
    ...(predicted === "" ? [] : [t("predicted as {0}", predicted)]),
    ...(search.trim() === "" ? [] : [t("with “{0}”", search.trim())]),
  ].join(", ");
}

/** What was asked of many rows, in terms and values. `one`: an explanation of some of them, absent before the first came. */
export function manyFacts(
  one: Explanation | undefined,
  query: TableQuery,
  { total, matching }: { readonly total: number; readonly matching: number },
): ManyView["facts"] {
  const [result] = one?.results ?? [];
  const targets = one?.request.targets;
  const predicted = targets === undefined || targets[0] === "predicted";
  const filter = filterWords(query);
  const rows = total < matching ? t("{0} of {1}, evenly picked", count(total), count(matching)) : count(total);
  return [
    [t("Rows"), filter === "" ? rows : `${rows} (${filter})`],
    ...(one === undefined || result === undefined
      ? []
      : ([
          [t("Explained"), predicted && one.request.versus === undefined ? t("what was predicted for each row") : targetLabel(one, result)],
          [t("Method"), methodLabel(one.request.method ?? "integratedGradients")],
          // Some methods have none.
          ...(one.request.baselines === undefined ? [] : [[t("Baseline"), currentBaseline(one.request.baselines).label] as const]),
        ] as const)),
  ];
}

/** The groups of rows that can be looked at: all, each predicted class where there are several, right and wrong ones where both are. */
export function manyGroups(rows: {
  readonly rows: number;
  readonly right: number;
  readonly wrong: number;
  readonly classes: readonly { readonly label: string; readonly rows: number }[];
}): readonly Choice[] {
  const { classes, right, wrong } = rows;
  return [
    { id: "all", label: t("All ({0})", count(rows.rows)) },
    ...(classes.length < 2 ? [] : classes.map((one) => ({ id: `predicted:${one.label}`, label: `${one.label} (${count(one.rows)})` }))),
    ...(right === 0 || wrong === 0
      ? []
      : [
          { id: "right", label: t("Right ({0})", count(right)) },
          { id: "wrong", label: t("Wrong ({0})", count(wrong)) },
        ]),
  ];
}
