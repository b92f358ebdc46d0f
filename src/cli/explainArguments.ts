import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ExplainError } from "../base/diagnostic.js";
import { limitOf, overLimit } from "../base/limits.js";
import { closest } from "../base/closest.js";
import { measureNames, methodNames, noiseNames, type MeasureName, type MethodName } from "../protocol/names.js";
import type { ExplainRequest, MethodOptions } from "../protocol/request.js";
import { asUsage, UsageError } from "./usage.js";

export const formats = ["table", "json", "csv", "html"] as const;
export type Format = (typeof formats)[number];

export interface ExplainArguments {
  readonly request: ExplainRequest;
  readonly format: Format;
  readonly out?: string;
  readonly quiet: boolean;
}

const options = {
  row: { type: "string" },
  input: { type: "string", multiple: true },
  method: { type: "string" },
  target: { type: "string", multiple: true },
  versus: { type: "string" },
  baseline: { type: "string", multiple: true },
  layer: { type: "string" },
  neuron: { type: "string" },
  fixed: { type: "string", multiple: true },
  option: { type: "string", multiple: true },
  mode: { type: "string" },
  noise: { type: "string" },
  measure: { type: "string", multiple: true },
  aggregate: { type: "string" },
  tokenizer: { type: "string" },
  labels: { type: "string" },
  features: { type: "string" },
  column: { type: "string", multiple: true },
  format: { type: "string" },
  out: { type: "string" },
  threads: { type: "string" },
  quiet: { type: "boolean" },
} as const;

/**
 * The arguments of `explain`, or of another `command` that asks in the same words, as a request. Paths become absolute; a request file of an earlier run is not needed: the options say it all.
 * Throws UsageError for wrong usage, ExplainError for an unknown method.
 */
export function parseExplain(args: readonly string[], command = "explain"): ExplainArguments {
  const { values, positionals } = asUsage(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const [model, samples, extra] = positionals;
  if (model === undefined) throw new UsageError(`Name the model file: explain-prediction ${command} <model> [samples].`);
  if (extra !== undefined) throw new UsageError(`There is one argument too many: "${extra}". Options start with --.`);
  const request: ExplainRequest = {
    model: resolve(model),
    ...given("samples", samples, resolve),
    ...given("rows", values.row, rowsOf),
    ...given("values", values.input, (list) => Object.fromEntries(list.map((item) => pair("input", item, withFile)))),
    ...(values.method === "auto" ? { anyMethod: true } : given("method", values.method, methodOf)),
    ...given("targets", values.target, (list) => list),
    ...given("versus", values.versus, (text) => text),
    ...given("baselines", values.baseline, (list) => Object.fromEntries(list.map(baselineOf))),
    ...given("layer", values.layer, (text) => text),
    ...given("neuron", values.neuron, neuronOf),
    ...given("fixed", values.fixed, (list) => list),
    ...given("options", optionsOf(values.option, values.noise), (all) => all),
    ...given("measures", values.measure, measuresOf),
    ...given("mode", values.mode, (text) => oneOf("mode", text, ["joint", "isolated"] as const)),
    ...given("aggregate", values.aggregate, (text) => oneOf("aggregate", text, ["mean", "meanAbs"] as const)),
    ...given("tokenizer", values.tokenizer, resolve),
    ...given("labels", values.labels, (text) => text.split(",").map((label) => label.trim())),
    ...given("features", values.features, resolve),
    ...given("columns", values.column, (list) =>
      Object.fromEntries(list.map((item) => pair("column", item, (text) => text.split(",").map((name) => name.trim())))),
    ),
    ...given("threads", values.threads, (text) => wholeNumber("threads", text, 1)),
  };
  return {
    request,
    format: oneOf("format", values.format ?? "table", formats),
    ...(values.out === undefined ? {} : { out: values.out }),
    quiet: values.quiet ?? false,
  };
}

/** Rows "0,2,5-9" or "all". */
export function rowsOf(text: string): readonly number[] | "all" {
  if (text.trim() === "all") return "all";
  const rows = text.split(",").flatMap((part) => {
    const match = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
    if (match === null) throw new UsageError(`--row takes row numbers from 0, such as 0,2,5-9, or all; "${text}" is neither.`);
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (to - from >= limitOf("rows")) throw overLimit("rows", "The request is for", to - from + 1);
    if (to < from) throw new UsageError(`--row ${part.trim()} counts backwards: write ${to}-${from}.`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return rows;
}

function given<K extends keyof ExplainRequest, T>(
  key: K,
  value: T | undefined,
  convert: (value: T) => ExplainRequest[K],
): Partial<Record<K, ExplainRequest[K]>> {
  return value === undefined ? {} : ({ [key]: convert(value) } as Partial<Record<K, ExplainRequest[K]>>);
}

function pair<T>(option: string, item: string, convert: (value: string) => T): readonly [string, T] {
  const at = item.indexOf("=");
  if (at < 1) throw new UsageError(`--${option} takes ${option === "option" ? "KEY" : "NAME"}=VALUE; "${item}" has no "=".`);
  return [item.slice(0, at), convert(item.slice(at + 1))];
}

function withFile(value: string): string {
  return value.startsWith("@") ? `@${resolve(value.slice(1))}` : value;
}

/** `B` for all inputs (key ""), or `NAME=B`. */
function baselineOf(item: string): readonly [string, string] {
  return item.startsWith("@") || !item.includes("=") ? ["", withFile(item)] : pair("baseline", item, withFile);
}

function methodOf(text: string): MethodName {
  const found = methodNames.find((name) => name === text);
  if (found !== undefined) return found;
  const near = closest(text, methodNames);
  throw new ExplainError("UNKNOWN_METHOD", `There is no method named "${text}".`, {
    hint: `${near === undefined ? "" : `Did you mean ${near}? `}"explain-prediction methods" lists them all.`,
  });
}

/** Options of the method, and the noise around it, which is one of them. */
function optionsOf(list: readonly string[] | undefined, noise: string | undefined): MethodOptions | undefined {
  if (list === undefined && noise === undefined) return undefined;
  const options = Object.fromEntries((list ?? []).map((item) => pair("option", item, optionValue)));
  return noise === undefined ? options : { ...options, noise: oneOf("noise", noise, noiseNames) };
}

/** Measures, each option naming one or several with commas between; `all` for every one. */
function measuresOf(list: readonly string[]): readonly MeasureName[] {
  const names = list.flatMap((item) => item.split(",").map((name) => name.trim()));
  return [...new Set(names.flatMap((name) => (name === "all" ? measureNames : [oneOf("measure", name, measureNames)])))];
}

function neuronOf(text: string): string {
  if (text !== "all" && !/^\d+(,\d+)*$/.test(text))
    throw new UsageError(`--neuron takes an index such as 3 or 2,0,1 (counted from 0, behind the batch axis), or all; "${text}" is neither.`);
  return text;
}

/** A number, a JSON value, or the text itself. `@FILE` reads JSON from a file. */
function optionValue(text: string): unknown {
  const source = text.startsWith("@") ? readFileSync(resolve(text.slice(1)), "utf8") : text;
  try {
    return JSON.parse(source) as unknown;
  } catch {
    if (/^\s*[[{]/.test(source)) throw new UsageError(`The option value ${text} is not valid JSON.`);
    return source;
  }
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === text);
  if (found === undefined) throw new UsageError(`--${option} is one of ${allowed.join(", ")}; "${text}" is not.`);
  return found;
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new UsageError(`--${option} takes a whole number from ${least}; "${text}" is not one.`);
  return value;
}
