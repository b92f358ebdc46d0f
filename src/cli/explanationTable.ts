import { basename } from "node:path";
import { formatDiagnostic } from "../base/diagnostic.js";
import type { Credit, Explanation, NumberTensor, Result } from "../protocol/explanation.js";
import { measureTable } from "./measureTable.js";
import { tableNumber } from "./numbers.js";
import { bar, columns, printable, style } from "./style.js";
import { unravel } from "../tensor/unravel.js";

const shownElements = 20;
const shownGroups = 12;
const longestLabel = 32;

/** An explanation as text for people: each row's prediction, check and credits as bars, largest first. */
export function explanationTable(explanation: Explanation): string {
  const { request } = explanation;
  const samples = request.samples === undefined ? "" : ` of ${basename(request.samples)}`;
  const blocks = explanation.results.map((result) => resultTable(result, explanation, samples));
  blocks.push(...aggregateBlocks(explanation.aggregate, ""));
  for (const { by, label, rows, aggregate } of explanation.classes ?? [])
    blocks.push(...aggregateBlocks(aggregate, `, ${by === "target" ? "explaining" : "predicted as"} ${printable(label)} (${rows})`));
  const mapping = explanation.mapping ?? [];
  const notes = explanation.diagnostics.map(
    (d) =>
      `${style(d.severity === "info" ? "dim" : "yellow", d.severity === "info" ? "note" : "warning")} ${printable(formatDiagnostic(d)).replaceAll("↵", "\n  ")}`,
  );
  const { load, compile, run } = explanation.milliseconds;
  return [
    ...blocks,
    ...(mapping.length === 0 ? [] : [mapping.map((line) => `${style("dim", "columns")} ${printable(shorten(line))}`).join("\n")]),
    ...(notes.length === 0 ? [] : [notes.join("\n")]),
    style("dim", `load ${Math.round(load)} ms, compile ${Math.round(compile)} ms, run ${Math.round(run)} ms`),
  ].join("\n\n");
}

/** Averages, each with how far its 95 % interval reaches. */
function aggregateBlocks(aggregate: Explanation["aggregate"], of: string): readonly string[] {
  return Object.entries(aggregate ?? {}).map(([kind, credits]) => {
    const rows = Object.values(credits)[0]?.rows;
    const title = `${kind === "mean" ? "Mean credit" : "Mean absolute credit"}${rows === undefined ? "" : ` over ${rows} results`}${of}`;
    return [
      style("bold", title),
      ...Object.entries(credits).flatMap(([name, credit]) =>
        creditTable(name, credit, credit.interval === undefined ? undefined : { dims: credit.dims, data: credit.interval }),
      ),
    ].join("\n");
  });
}

function resultTable(result: Result, explanation: Explanation, samples: string): string {
  const { target, prediction, error } = result;
  const noise = explanation.request.options?.["noise"];
  const method = `${explanation.request.method ?? ""}${typeof noise === "string" ? ` with ${printable(noise)}` : ""}`;
  const lines = [style("bold", `${explanation.model.file}, row ${result.row}${samples}`), `predicted  ${predictionText(prediction)}`];
  if (prediction.truth !== undefined) lines.push(`truth      ${printable(prediction.truth.label)}${rightOrWrong(prediction.truth.right)}`);
  if (target !== undefined)
    lines.push(
      `explained  ${printable(target.value)}[${target.index.join(",")}]${target.label === undefined ? "" : ` (${printable(target.label)})`} by ${method}, ${pointsText(result.points)}`,
    );
  else lines.push(`explained  ${printable(explanation.request.layer ?? "")} by ${method}, ${pointsText(result.points)}`);
  if (result.score !== null && result.baselineScore !== null)
    lines.push(`score      ${tableNumber(result.score)}, at the baseline (${baselineText(explanation)}) ${tableNumber(result.baselineScore)}`);
  else if (typeof result.delta === "number") lines.push(`score      ${tableNumber(result.score ?? NaN)}`);
  else if (result.score !== null && typeof result.delta === "object" && result.delta !== null)
    lines.push(`score      ${tableNumber(result.score)}, each input moved by itself from its baseline (${baselineText(explanation)}), the others held`);
  if (typeof result.delta === "number")
    lines.push(`check      credits add up to the ${result.baselineScore === null ? "score" : "change of the score"} but for ${tableNumber(result.delta)}`);
  else if (result.delta !== null)
    lines.push(
      `check      credits add up to the change along each path but for ${Object.entries(result.delta)
        .map(([name, delta]) => `${printable(name)} ${tableNumber(delta)}`)
        .join(", ")}`,
    );
  for (const [name, credit] of Object.entries(result.attributions)) lines.push("", ...creditTable(name, credit, error?.[name]));
  if (result.logit !== undefined) lines.push("", ...logitTable(result.logit));
  if (result.measures !== undefined) lines.push("", ...measureTable(result.measures));
  return lines.join("\n");
}

/** What stands beside a probability that has saturated. */
function logitTable({ target, score, baselineScore, attributions, error }: NonNullable<Result["logit"]>): readonly string[] {
  const name = target === undefined ? "" : `${printable(target.value)}[${target.index.join(",")}]`;
  const from = baselineScore === null ? "" : `, at the baseline ${tableNumber(baselineScore)}`;
  return [
    `${style("bold", "the logit")}  ${name} ${tableNumber(score ?? NaN)}${from}: the probability has saturated, its logit has not`,
    ...Object.entries(attributions).flatMap(([input, credit]) => ["", ...creditTable(input, credit, error?.[input])]),
  ];
}

/** The classes and their scores, or the plain numbers of an output. */
export function predictionText({ value, data, labels }: Result["prediction"]): string {
  const rankOf = (i: number): number => (Number.isNaN(data[i] ?? NaN) ? -Infinity : (data[i] ?? 0));
  const order = [...data.keys()].sort((a, b) => rankOf(b) - rankOf(a) || a - b);
  const shown = data.length === 1 ? [0] : order.slice(0, 3);
  return `${printable(value)}: ${shown.map((i) => `${labels?.[i] === undefined ? (data.length === 1 ? "" : `class ${i} `) : `${printable(labels[i] ?? "")} `}${tableNumber(data[i] ?? NaN)}`).join(", ")}${data.length > shown.length ? ", …" : ""}`;
}

function rightOrWrong(right: boolean | undefined): string {
  if (right === undefined) return "";
  return right ? `: ${style("green", "right")}` : `: the prediction is ${style("red", "wrong")}`;
}

function pointsText(points: number): string {
  return `${points} point${points === 1 ? "" : "s"}`;
}

function baselineText(explanation: Explanation): string {
  const baselines = Object.entries(explanation.request.baselines ?? {});
  const kinds = new Set(baselines.map(([, kind]) => kind));
  return kinds.size === 1 ? [...kinds].join() : baselines.map(([name, kind]) => `${name} ${kind}`).join(", ");
}

/** One input's (or layer's) credits: label, value, credit, bar; the largest 20 unless it is text, which keeps its order. */
export function creditTable(name: string, credit: Credit, error: NumberTensor | undefined): readonly string[] {
  const { data, dims, labels, values, spans } = credit;
  const sum = data.reduce((total, x) => total + x, 0);
  const largest = data.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  const all = [...data.keys()];
  const order = spans === undefined ? all.sort(bySize(data)) : all;
  const shown = order.slice(0, spans === undefined ? shownElements : order.length);
  const width = labels?.length ?? data.length;
  const rows = shown.map((i) => [
    `  ${labelOf(i, dims, width, labels)}`,
    values?.[i % width] === undefined ? "" : printable(shortValue(values[i % width] ?? "")),
    signed(data[i] ?? NaN),
    deviation(error?.data[i]),
    bar(data[i] ?? NaN, largest),
  ]);
  const used = [0, 1, 2, 3, 4].filter((c) => rows.some((row) => row[c] !== ""));
  return [
    `${style("bold", printable(name))} [${dims.join(", ")}], sum ${signed(sum)}`,
    ...(credit.groups === undefined ? [] : groupTable(credit.groups)),
    ...columns(
      rows.map((row) => used.map((c) => row[c] ?? "")),
      used.flatMap((c, at) => (c === 1 || c === 2 ? [at] : [])),
    ),
    ...(shown.length < data.length ? [`  … and ${data.length - shown.length} smaller ones`] : []),
  ];
}

/** The channels or positions with most credit, and a line that the single units follow. */
function groupTable({ by, data }: NonNullable<Credit["groups"]>): readonly string[] {
  const order = [...data.keys()].sort(bySize(data));
  const shown = order.slice(0, shownGroups);
  const largest = Math.abs(data[order[0] ?? 0] ?? 0);
  return [
    ...columns(
      shown.map((i) => [`  ${by} ${i}`, signed(data[i] ?? NaN), bar(data[i] ?? NaN, largest)]),
      [1],
    ),
    ...(shown.length < data.length ? [`  … and ${data.length - shown.length} smaller ones`] : []),
    "  units",
  ];
}

/** An error estimate; nothing where there is none, as beside a credit that is no number. */
function deviation(error: number | undefined): string {
  return error === undefined || error === 0 || !Number.isFinite(error) ? "" : `±${error.toExponential(0)}`;
}

/** Positions by the size of their number, largest first; what is not a number goes last, where it disturbs no order. */
function bySize(data: readonly number[]): (a: number, b: number) => number {
  const size = (i: number): number => (Number.isNaN(data[i] ?? NaN) ? -1 : Math.abs(data[i] ?? 0));
  return (a, b) => size(b) - size(a) || a - b;
}

function labelOf(i: number, dims: readonly number[], width: number, labels: readonly string[] | undefined): string {
  const label = labels?.[i % width];
  const unit = labels !== undefined && width < dims.reduce((n, d) => n * d, 1) ? `unit ${Math.floor(i / width)}, ` : "";
  const text = label === undefined ? `[${unravel(i, dims).join(",")}]` : `${unit}${printable(label)}`;
  return text.length > longestLabel ? `${text.slice(0, longestLabel - 1)}…` : text;
}

function shortValue(value: number | string): string {
  return typeof value === "number" ? tableNumber(value) : value;
}

function signed(x: number): string {
  return x > 0 ? `+${tableNumber(x)}` : tableNumber(x);
}

/** A long list of columns is cut in the middle of the table, not in JSON. */
function shorten(line: string): string {
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
