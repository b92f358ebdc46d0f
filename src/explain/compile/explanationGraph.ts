import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { BoundGraph } from "../../attribution/bound.js";
import type { AskedProgram } from "../../attribution/programsOf.js";
import { alphaInput, baselineInput, targetInput, weightInput } from "../../attribution/program/frame.js";
import type { AttributionResult, Program } from "../../attribution/plan.js";
import { Builder } from "../../graph/builder.js";
import type { Graph, ValueInfo } from "../../graph/ir.js";
import { prune } from "../../graph/prune.js";
import { partOf } from "./part.js";
import { pathRun, pointsAtOnce, type StaticRule } from "./pathRun.js";
import { startValue, type StartOfPath } from "./startOfPath.js";
import { targetSeed, type TargetChoice } from "./targetSeed.js";

/** What an explanation is made of. */
export interface ExplanationParts {
  readonly bound: BoundGraph;
  readonly programs: readonly AskedProgram[];
  /** The result's parts, to know which there are. */
  readonly blank: AttributionResult;
  /** The output that tells what is predicted. */
  readonly prediction: string;
  readonly target?: TargetChoice;
  /** By input. */
  readonly starts: ReadonlyMap<string, StartOfPath>;
  /** The points of a method that goes along a path. */
  readonly rule?: StaticRule;
}

/** A compiled explanation: its graph, and how many points and rows a run takes well. */
export interface ExplanationGraph {
  readonly graph: Graph;
  readonly points: number;
  /** Points that a run holds in memory at once. */
  readonly pointsAtOnce: number;
  readonly batch: boolean;
}

/** The symbol of the batch axis. */
const batchSymbol = "batch";

/**
 * The explanation as one graph of standard operators. Inputs: the model's, and baselines that vary. Outputs: `prediction`; `target` (flat index) and `score` with a target;
 * `baselineScore` and `delta` where the method has them; `attributions/NAME` and, for the nested rule, `error/NAME`.
 * Throws OPTION_INVALID for what needs more than its programs.
 */
export function explanationGraph(parts: ExplanationParts): ExplanationGraph {
  const { bound, programs, blank } = parts;
  const b = new Builder({ name: "explanation", inputs: [], outputs: [], nodes: [], initializers: new Map(), opsets: bound.graph.opsets }, new Map());
  b.scope("explanation");
  const inputs = bound.graph.inputs.map(({ name }): ValueInfo => {
    const type = present(bound.types.get(name), name);
    b.declare(name, type);
    return { name, dtype: type.dtype, dims: type.dims.map((d) => d ?? batchSymbol) };
  });
  const own = new Map(inputs.map(({ name }) => [name, name]));
  const forward = sampleValues(b, parts, own);
  const seed =
    parts.target === undefined
      ? undefined
      : targetSeed(
          b,
          parts.target,
          present(bound.types.get(parts.target.value), parts.target.value),
          bound.stacked && bound.types.get(parts.target.value)?.dims[0] === null,
          forward(parts.target.value),
          forward(parts.prediction),
        );
  const given = new Map(own);
  if (seed !== undefined) given.set(targetInput, seed.seed);
  for (const [input, start] of parts.starts)
    given.set(
      baselineInput(input),
      startValue(b, input, present(bound.types.get(input), input), start, (info) => inputs.push(info)),
    );
  for (const { program } of programs) refuseOthers(program, given);

  const values = programValues(b, parts, given);
  const outputs = new Map<string, { readonly value: string; readonly type: ValueInfo }>();
  const taken = new Set(inputs.map((i) => i.name));
  const give = (name: string, value: string, dims: ValueInfo["dims"]): void => {
    const free = taken.has(name) ? `explanation/${name}` : name;
    outputs.set(free, { value, type: { name: free, dtype: b.type(value).dtype, dims } });
  };
  const rows = bound.stacked ? batchSymbol : 1;
  const declared = (name: string): ValueInfo["dims"] => (blank.attributions[name]?.dims ?? []).map((d, i) => (i === 0 && bound.stacked ? batchSymbol : d));
  give(
    "prediction",
    forward(parts.prediction),
    (bound.types.get(parts.prediction)?.dims ?? []).map((d) => d ?? batchSymbol),
  );
  if (seed !== undefined) give("target", seed.index, [rows]);
  if (blank.score !== null && values.score !== undefined) give("score", values.score, [rows]);
  if (blank.baselineScore !== null && values.baselineScore !== undefined) give("baselineScore", values.baselineScore, [rows]);
  if (blank.delta !== null && values.score !== undefined) give("delta", deltaOf(b, values, bound.stacked), [rows]);
  for (const [name, value] of values.credit) give(`attributions/${name}`, value, declared(name));
  for (const [name, value] of values.error) give(`error/${name}`, value, declared(name));

  b.scope("explanation/output");
  for (const [name, { value }] of outputs)
    b.append({ name: `explanation/output/${name}`, op: "Identity", domain: "", inputs: [value], outputs: [name], attributes: {} });
  const { nodes, initializers } = b;
  const graph = prune({ name: "explanation", inputs, outputs: [...outputs.values()].map((o) => o.type), nodes, initializers, opsets: bound.graph.opsets });
  return { graph, points: values.points, pointsAtOnce: pointsAtOnce(bound, values.points), batch: bound.stacked };
}

/** The prediction and the target's value at the sample itself. */
function sampleValues(b: Builder, { bound, prediction, target }: ExplanationParts, given: ReadonlyMap<string, string>): (value: string) => string {
  const wanted = [...new Set([prediction, ...(target === undefined ? [] : [target.value])])];
  const part = partOf(b, prune({ ...bound.graph, outputs: wanted.map((name) => ({ name, dtype: null, dims: null })) }), "sample", given);
  for (const node of part.nodes) b.append(node);
  for (const name of wanted) b.declare(part.output(name), present(bound.types.get(name), name));
  return part.output;
}

/** A program is fed by the explanation's own inputs and values alone. */
function refuseOthers({ graph }: Program, given: ReadonlyMap<string, string>): void {
  const other = graph.inputs.find(({ name }) => !given.has(name) && name !== alphaInput && name !== weightInput);
  if (other !== undefined)
    throw new ExplainError("OPTION_INVALID", "This variant of the method takes numbers that a compiled explanation has no place for.", {
      hint: "Leave the option `variant` out.",
    });
}

interface ProgramValues {
  readonly score?: string;
  readonly baselineScore?: string;
  readonly credit: ReadonlyMap<string, string>;
  readonly error: ReadonlyMap<string, string>;
  readonly points: number;
}

/** What the method's programs give, each of R rows. */
function programValues(b: Builder, { bound, programs, blank, rule: along }: ExplanationParts, given: ReadonlyMap<string, string>): ProgramValues {
  const [main, ends] = programs;
  const { program } = present(main, "program");
  if (program.graph.outputs.some((o) => o.name === "baselineScore")) return pairValues(b, program, given);
  const onPath = blank.baselineScore !== null;
  const rule = onPath && along !== undefined ? withEnds(along, ends === undefined) : sampleAlone;
  const path = pathRun(b, bound, program, "path", given, rule);
  const scores = ends === undefined ? path : pathRun(b, bound, ends.program, "ends", given, { nodes: [0, 1], weights: [[0, 0]] });
  const at = (alpha: number): string | undefined => {
    const nodes = ends === undefined ? rule.nodes : [0, 1];
    return scores.score === undefined ? undefined : pick(b, scores.score, nodes.lastIndexOf(alpha));
  };
  const fine = new Map([...path.credit].map(([name, value]) => [name, pick(b, value, 0)]));
  const error =
    rule.weights.length < 2
      ? new Map<string, string>()
      : new Map([...path.credit].map(([name, value]) => [name, b.unary("Abs", b.sub(fine.get(name) ?? "", pick(b, value, 1)))]));
  const [score, baselineScore] = [at(1), onPath ? at(0) : undefined];
  return {
    credit: fine,
    error,
    points: rule.nodes.length,
    ...(score === undefined ? {} : { score }),
    ...(baselineScore === undefined ? {} : { baselineScore }),
  };
}

/** The only point of a method that looks at the sample itself. */
const sampleAlone: StaticRule = { nodes: [1], weights: [[1]] };

/** The rule with both ends of the path, whose scores are wanted; ends that count for nothing where it does without them. */
function withEnds(rule: StaticRule, wanted: boolean): StaticRule {
  const missing = wanted ? [0, 1].filter((alpha) => !rule.nodes.includes(alpha)) : [];
  return { nodes: [...rule.nodes, ...missing], weights: rule.weights.map((row) => [...row, ...missing.map(() => 0)]) };
}

/** A program of two passes, at the sample and at the baseline. */
function pairValues(b: Builder, { graph }: Program, given: ReadonlyMap<string, string>): ProgramValues {
  const part = partOf(b, graph, "pair", given);
  for (const node of part.nodes) b.append(node);
  const credit = new Map<string, string>();
  for (const { name, dtype } of graph.outputs) {
    b.declare(part.output(name), { dtype: dtype ?? "float32", dims: [] });
    if (name.startsWith("credit/")) credit.set(name.slice("credit/".length), part.output(name));
  }
  const flat = (name: string): string => b.emit("Reshape", [part.output(name), b.ints([-1])], { dtype: b.type(part.output(name)).dtype, dims: [null] });
  return { score: flat("score"), baselineScore: flat("baselineScore"), credit, error: new Map(), points: 2 };
}

/** Entry `at` of the leading axis. */
function pick(b: Builder, value: string, at: number): string {
  return b.emit("Gather", [value, b.constant("int64", [], [at])], { dtype: b.type(value).dtype, dims: [] }, { axis: 0 });
}

/** Σ attributions − (score − baselineScore), added up in double precision; without a start of the path Σ attributions − score. */
function deltaOf(b: Builder, { score, baselineScore, credit }: ProgramValues, rows: boolean): string {
  const double = (value: string): string => b.emit("Cast", [value], { dtype: "float64", dims: [] }, { to: 11 });
  const sums = [...credit.values()].map((value) => {
    // Zero elements leave the size of the other axis open.
    const flat = b.emit("Reshape", [double(value), b.ints(rows ? [0, -1] : [1, -1])], { dtype: "float64", dims: [null, null] });
    return b.emit("ReduceSum", [flat, b.ints([1])], { dtype: "float64", dims: [null] }, { keepdims: 0 });
  });
  const total = sums.reduce((a, c) => b.emit("Add", [a, c], { dtype: "float64", dims: [null] }));
  const change =
    baselineScore === undefined ? double(score ?? "") : b.emit("Sub", [double(score ?? ""), double(baselineScore)], { dtype: "float64", dims: [null] });
  return b.emit("Cast", [b.emit("Sub", [total, change], { dtype: "float64", dims: [null] })], { dtype: "float32", dims: [null] }, { to: 1 });
}
