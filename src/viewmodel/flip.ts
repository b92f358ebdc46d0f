import type { Explanation, Inspection } from "../protocol/explanation.js";
import type { FlipAnswer, FlipChange, Spread } from "../protocol/flip.js";
import type { FlipChoices, FlipView } from "../protocol/viewModel.js";
import { t } from "../protocol/words.js";
import { formatScore, formatValue } from "./format.js";
import { predictionView } from "./prediction.js";

/** What the search can be asked of a prediction; undefined where there is none of a single class or number. */
export function flipChoices(explanation: Explanation, inspection: Inspection | undefined): FlipChoices | undefined {
  const result = explanation.results[0];
  if (result === undefined || result.target === undefined || inspection === undefined) return undefined;
  const { data, value } = result.prediction;
  const output = inspection.outputs.find(({ name }) => name === value);
  const positions = output?.dims?.slice(1, -1) ?? [];
  if (data.length === 0 || positions.some((size) => size !== 1)) return undefined;
  const { classes, label } = predictionView(result);
  const inputs = Object.keys(result.attributions);
  return {
    classes: data.length === 1 ? [] : classes.filter((one) => one.label !== label).map((one) => ({ id: one.target, label: one.label })),
    value: data.length === 1 && output?.role !== "probabilities",
    inputs: inputs.length > 1 ? inputs.map((name) => ({ id: name, label: name })) : [],
  };
}

/** A search's answer in words. */
export function flipView(answer: FlipAnswer): FlipView {
  const { found, changes, size, diagnostics } = answer;
  const spreads = changes.flatMap((change) => (change.kind === "number" ? [change.spread.measure] : []));
  return {
    found,
    sentence: found ? foundSentence(answer) : missedSentence(answer),
    detail: detailOf(answer),
    rows: rowsOf(changes),
    unit: spreads.length === 0 ? "" : unitOf(answer, spreads, size),
    notes: diagnostics.map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`)),
  };
}

/** The prediction, alone and how sure. */
function saidOf(prediction: FlipAnswer["before"]): string {
  const { label = "", confidence = "" } = predictionView({ prediction });
  return [label, confidence].filter((part) => part !== "").join(" ");
}

function foundSentence({ before, after, changes }: FlipAnswer): string {
  const [was, is] = [saidOf(before), saidOf(after)];
  const removed = changes.every(({ kind }) => kind === "word");
  if (removed) return changes.length === 1 ? t("{0} → {1} without one word.", was, is) : t("{0} → {1} without {2} words.", was, is, changes.length);
  return changes.length === 1 ? t("{0} → {1} with one change.", was, is) : t("{0} → {1} with {2} changes.", was, is, changes.length);
}

function missedSentence({ goal, before, after }: FlipAnswer): string {
  if (goal.kind === "value") return t("Not found: {0} came nearest to {1}, from {2}.", saidOf(after), formatScore(goal.value), saidOf(before));
  if (goal.kind === "otherClass") return t("Not found: at best the model is less sure, {0} instead of {1}.", saidOf(after), saidOf(before));
  const { classes } = predictionView({ prediction: after });
  const { label = "", score = NaN } = classes[goal.index] ?? {};
  return t("Not found: at best {0} has {1}, from {2}.", label, formatScore(score), formatScore(before.data[goal.index] ?? NaN));
}

function detailOf(answer: FlipAnswer): string {
  const { found, changes, tried, runs } = answer;
  const effort = t("{0} things could change; the model was run {1} times.", tried, runs.toLocaleString("en"));
  if (found) return `${verified(answer)} ${effort}`;
  return changes.length === 0 ? effort : `${t("Below is what came nearest.")} ${effort}`;
}

/** What is proven of a change that was found. */
function verified({ changes, minimal, fewest }: FlipAnswer): string {
  if (!minimal) return t("Verified by running the model, but the search ended early: there may be a smaller one.");
  if (changes.length === 1) return t("Verified by running the model: no smaller single change among those tried does it.");
  const needed = changes.some(({ kind }) => kind === "number")
    ? t("Verified by running the model: none of them can be left out, and no number be nearer to the sample's.")
    : t("Verified by running the model: none of them can be left out.");
  return `${needed} ${fewest ? t("No fewer changes among those tried do it.") : t("Other sets of changes may be smaller still.")}`;
}

function unitOf({ population, changes }: FlipAnswer, measures: readonly Spread["measure"][], size: number): string {
  const rows = population === undefined ? "" : t("the first {0} rows of {1}", population.rows, population.file);
  const deviation = measures.every((one) => one === "standardDeviation") ? t("standard deviations") : t("median absolute deviations");
  const mixed = new Set(measures).size > 1 ? ` ${t("(standard deviations, marked σ, where more than half of the values are the same)")}` : "";
  const total = changes.length > 1 && changes.every(({ kind }) => kind === "number") ? ` ${t("{0} in all.", formatValue(Number(size.toPrecision(3))))}` : "";
  return `${t("Sizes are in {0} of {1}", deviation, rows)}${mixed}.${total}`;
}

type Row = FlipView["rows"][number];

/** A row for each change; the words of one text together. */
function rowsOf(changes: readonly FlipChange[]): readonly Row[] {
  const texts = new Map<string, string[]>();
  for (const change of changes) if (change.kind === "word") texts.set(change.input, [...(texts.get(change.input) ?? []), change.from]);
  const others = changes.flatMap((change) => (change.kind === "word" ? [] : [rowOf(change)]));
  return [...others, ...[...texts].map(([label, words]): Row => ({ label, from: words.join(" · "), to: t("(left out)"), size: "" }))];
}

function rowOf(change: Exclude<FlipChange, { kind: "word" }>): Row {
  switch (change.kind) {
    case "number":
      return {
        label: change.label,
        from: formatExactly(change.from),
        to: formatExactly(change.to),
        size: `${formatValue(Number(change.size.toPrecision(3)))}${change.spread.measure === "standardDeviation" ? "\u00a0σ" : ""}`,
      };
    case "category":
      return { label: change.label, from: change.from, to: change.to, size: "" };
    case "region": {
      const place = (name: string, [from, to]: readonly [number, number]): string => `${name} ${to - from === 1 ? String(from) : `${from}–${to - 1}`}`;
      const { rows, columns } = change;
      const where = rows === undefined ? place(t("samples"), columns) : `${place(t("rows"), rows)}, ${place(t("columns"), columns)}`;
      return { label: `${change.input}: ${where}`, from: t("as it is"), to: change.to, size: "" };
    }
  }
}

/** The value that flips it, not one near it: all its digits, as it would be typed. */
function formatExactly(x: number): string {
  return String(Number(x.toPrecision(9))).replace("-", "−");
}
