import { shortFloat } from "../../base/shortFloat.js";
import { uniqueNames } from "../../base/uniqueNames.js";
import { mostCreditColumns, type BatchColumn, type BatchInput, type BatchPlan } from "../../protocol/batch.js";
import type { Credit, Result } from "../../protocol/explanation.js";
import { unravel } from "../../tensor/unravel.js";

/** What stands in one cell of a result. */
export type BatchCell = string | number | null;

/** One line of a piece's file: the cells of a row, whether the prediction is right where that can be said, and the sample's values of rows that are drawn. */
export interface BatchLine {
  readonly cells: readonly BatchCell[];
  readonly right?: boolean;
  readonly values?: readonly (number | string | null)[];
}

/** Columns in front of the credits that every result has. */
const fixedNames = ["row", "prediction", "target", "score", "baselineScore", "delta"] as const;

/** How the credits of a first result are laid out. `listed`: inputs whose number of elements differs from row to row. `pictures`: inputs that are pictures. */
export function inputsOf(attributions: Result["attributions"], listed: ReadonlySet<string>, pictures: ReadonlySet<string>): readonly BatchInput[] {
  return Object.entries(attributions).map(([name, credit]): BatchInput => {
    const picture = pictures.has(name) && !listed.has(name) ? { picture: credit.dims } : {};
    if (listed.has(name) || credit.spans !== undefined || credit.data.length > mostCreditColumns) return { name, form: "list", labels: [], ...picture };
    return { name, form: "columns", labels: uniqueNames(elementNames(credit)), ...picture };
  });
}

/** A name an element: the feature's, else its position. */
function elementNames({ data, dims, labels }: Credit): readonly string[] {
  if (labels?.length === data.length) return labels;
  return data.map((_, i) => unravel(i, dims).join(","));
}

/** The table's columns: row, what the data calls it, its true answer, scores, what was explained, then the credits, each as INPUT.FEATURE. */
export function columnsOf({ id, label, scores, classes, inputs }: Pick<BatchPlan, "id" | "label" | "scores" | "classes" | "inputs">): readonly BatchColumn[] {
  const own = (name: string): string => ((fixedNames as readonly string[]).includes(name) ? `${name} (data)` : name);
  const number = (name: string): BatchColumn => ({ name, kind: "number" });
  const named = uniqueNames((classes ?? []).map(String));
  return [
    { name: "row", kind: "integer" },
    ...(id === null ? [] : [{ name: own(id), kind: "text" } as const]),
    ...(label === null || label === id ? [] : [{ name: own(label), kind: "text" } as const]),
    ...(scores === 1 ? [number("prediction")] : [{ name: "prediction", kind: "text" } as const]),
    ...(scores === 1 ? [] : Array.from({ length: scores }, (_, i) => number(`prediction.${named[i] ?? i}`))),
    { name: "target", kind: "text" },
    number("score"),
    number("baselineScore"),
    number("delta"),
    ...inputs.flatMap(({ name, form, labels }): readonly BatchColumn[] =>
      form === "list"
        ? [
            { name: `${name}.elements`, kind: "json" },
            { name, kind: "json" },
          ]
        : labels.map((element) => number(`${name}.${element}`)),
    ),
  ];
}

/** One result as the cells of its columns. Undefined when its elements are not those of the plan. */
export function cellsOf(plan: BatchPlan, result: Result, kept: { readonly id: BatchCell; readonly label: BatchCell }): readonly BatchCell[] | undefined {
  const { data, labels } = result.prediction;
  if (data.length !== plan.scores) return undefined;
  const best = bestOf(data);
  const delta = typeof result.delta === "number" ? shortFloat(result.delta) : null;
  const credits: BatchCell[] = [];
  for (const { name, form, labels: elements } of plan.inputs) {
    const credit = result.attributions[name];
    if (credit === undefined || (form === "columns" && credit.data.length !== elements.length)) return undefined;
    const numbers = credit.data.map(shortFloat);
    if (form === "columns") credits.push(...numbers);
    else credits.push(JSON.stringify(credit.labels ?? []), JSON.stringify(numbers));
  }
  return [
    result.row,
    ...(plan.id === null ? [] : [kept.id]),
    ...(plan.label === null || plan.label === plan.id ? [] : [kept.label]),
    ...(plan.scores === 1 ? [shortFloat(data[0] ?? NaN)] : [labels?.[best] ?? String(best), ...data.map(shortFloat)]),
    targetName(result),
    result.score === null ? null : shortFloat(result.score),
    result.baselineScore === null ? null : shortFloat(result.baselineScore),
    delta,
    ...credits,
  ];
}

/** The sample's values in the order of the credit columns, for colouring; lists have none. */
export function valuesOf(plan: BatchPlan, result: Result): readonly (number | string | null)[] {
  return plan.inputs.flatMap(({ name, form, labels }) => {
    const values = result.attributions[name]?.values;
    return form === "list" ? [] : labels.map((_, i) => values?.[i] ?? null);
  });
}

function bestOf(data: readonly number[]): number {
  return data.reduce((top, x, i) => (x > (data[top] ?? -Infinity) ? i : top), 0);
}

function targetName({ target }: Result): string | null {
  return target === undefined ? null : (target.label ?? `${target.value}[${target.index.join(",")}]`);
}
