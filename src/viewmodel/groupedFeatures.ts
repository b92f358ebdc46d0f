import { t } from "../protocol/words.js";
import type { Credit, FeatureGroup, Result } from "../protocol/explanation.js";
import type { Bar, EditableCategory, FeatureRows, InputView } from "../protocol/viewModel.js";
import { rank } from "./rank.js";

/** The inputs with features that belong together as one bar each, besides all of them; others as they are. */
export function withGroups(inputs: readonly InputView[], result: Pick<Result, "attributions" | "error">): readonly InputView[] {
  return inputs.map((input) => {
    const credit = result.attributions[input.name];
    if (input.kind !== "features" || credit?.labels === undefined || (credit.featureGroups ?? []).length === 0) return input;
    // Bars are found by their names.
    if (new Set(credit.labels).size < credit.labels.length) return input;
    return { ...input, grouped: groupedRows(input, credit, result.error?.[input.name]?.data) };
  });
}

function groupedRows({ bars }: FeatureRows, credit: Credit, errors: readonly number[] | undefined): FeatureRows {
  const { labels = [], featureGroups = [] } = credit;
  const byLabel = new Map(bars.map((bar) => [bar.label, bar]));
  const grouped = new Set(featureGroups.flatMap(({ members }) => members));
  const alone = labels.flatMap((label, i) => (grouped.has(i) ? [] : [{ bar: byLabel.get(label), credit: credit.data[i] ?? 0 }]));
  const cut = alone.filter(({ bar }) => bar === undefined);
  const rows = [...alone.flatMap(({ bar }) => bar ?? []), ...featureGroups.map((group) => groupBar(group, credit, errors, byLabel))];
  return { bars: rank(rows), ...(cut.length === 0 ? {} : { cut: { count: cut.length, sum: add(cut.map((one) => one.credit)) } }) };
}

const add = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Credits and error bounds of a group add up. */
function groupBar({ name, members }: FeatureGroup, credit: Credit, errors: readonly number[] | undefined, byLabel: ReadonlyMap<string, Bar>): Bar {
  const bars = members.flatMap((i) => byLabel.get(credit.labels?.[i] ?? "") ?? []);
  const former = bars.flatMap((bar) => bar.former ?? []);
  return {
    label: name,
    value: groupValue(name, members, credit),
    credit: add(members.map((i) => credit.data[i] ?? NaN)),
    ...(errors === undefined ? {} : { error: add(members.map((i) => errors[i] ?? 0)) }),
    ...(former.length > 0 && former.length === members.length ? { former: add(former) } : {}),
    members: rank(bars),
  };
}

type Values = readonly (number | string)[];

/** The members that are 1, where all are 0 or 1; null for other groups. */
function ones(members: readonly number[], values: Values): readonly number[] | null {
  return members.every((i) => values[i] === 0 || values[i] === 1) ? members.filter((i) => values[i] === 1) : null;
}

/** What a group of zeros and ones stands for: the names of the ones, without the group's own before them. Others say how many they are. */
function groupValue(name: string, members: readonly number[], { values = [], labels = [] }: Credit): string {
  const chosen = ones(members, values);
  if (chosen === null) return t("{0} features", members.length);
  return chosen.length === 0 ? t("none") : chosen.map((i) => withoutName(labels[i] ?? "", name)).join(", ");
}

/** "colour_red" of the group "colour" is "red". */
function withoutName(label: string, group: string): string {
  const rest = label.toLowerCase().startsWith(group.toLowerCase()) ? label.slice(group.length).replace(/^[\s_.:=/[-]+|\]$/gu, "") : label;
  return rest === "" ? label : rest;
}

/** The groups that say which one of several holds, before an edit and now. */
export function editableCategories({ values = [], labels = [], featureGroups = [] }: Credit, now: Values): readonly EditableCategory[] {
  return featureGroups.flatMap(({ name, members }) => {
    const [before, after] = [ones(members, values), ones(members, now)];
    if (before === null || after === null || members.length < 2 || before.length > 1 || after.length > 1) return [];
    const choices = members.map((position) => ({ position, label: withoutName(labels[position] ?? "", name) }));
    return [{ name, choices, original: before[0] ?? null, now: after[0] ?? null }];
  });
}
