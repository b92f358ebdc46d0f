import { parseArgs } from "node:util";
import { methods } from "../attribution/methods/index.js";
import type { Measure } from "../attribution/measure.js";
import { measures } from "../attribution/measures/index.js";
import type { Method } from "../attribution/method.js";
import { compactJson } from "./explanationJson.js";
import type { Io } from "./io.js";
import { style } from "./style.js";
import { asUsage, UsageError } from "./usage.js";

export const methodsHelp = `explain-prediction methods [--format table|json]

Every method: the question it answers, what it needs, its own options, and where it was published; and every measure.`;

/** Runs the command. */
export function methodsCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = asUsage(() => parseArgs({ args: [...args], options: { format: { type: "string" }, quiet: { type: "boolean" } } }));
  const format = values.format ?? "table";
  if (format !== "table" && format !== "json") throw new UsageError(`--format is one of table, json; "${format}" is not.`);
  const all = Object.values(methods);
  io.out(format === "json" ? compactJson({ schema: 1, methods: all.map(plain), measures: Object.values(measures).map(plainMeasure) }) : text(all));
  return Promise.resolve(0);
}

function plain({ name, title, family, question, paper, needs, complete, options = {} }: Method): object {
  return { name, title, family, question, paper, needs, complete, options };
}

function plainMeasure({ name, title, question, paper, better }: Measure): object {
  return { name, title, question, paper, better };
}

function text(all: readonly Method[]): string {
  const trusted = Object.values(measures).map(
    ({ name, title, question, paper }) => `${style("bold", name)}  ${title}\n  ${question}\n  ${style("dim", paper)}`,
  );
  return [...all.map(entry), style("bold", "Measures (--measure): how far an explanation can be trusted"), ...trusted].join("\n\n");
}

const needWords: Readonly<Record<keyof Method["needs"], string>> = {
  gradient: "gradients",
  target: "a target",
  baseline: "a baseline",
  layer: "a layer (--layer)",
  neuron: "a neuron (--neuron)",
};

function entry({ name, title, question, paper, needs, complete, options = {} }: Method): string {
  const needed = (Object.keys(needWords) as (keyof Method["needs"])[]).filter((need) => needs[need]).map((need) => needWords[need]);
  return [
    `${style("bold", name)}  ${title}`,
    `  ${question}`,
    `  needs ${needed.length === 0 ? "nothing more" : needed.join(", ")}${complete ? "; its credits add up to the change of the score" : ""}`,
    ...Object.entries(options).map(([option, meaning]) => `  --option ${option}=…  ${meaning}`),
    `  ${style("dim", paper)}`,
  ].join("\n");
}
