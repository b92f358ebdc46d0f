import { differentiate } from "../../autodiff/differentiate.js";
import { revealCancel } from "../../autodiff/secant/revealCancel.js";
import { secantRules } from "../../autodiff/secant/index.js";
import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { Graph, Node } from "../../graph/ir.js";
import { isFloat } from "../../tensor/dtype.js";
import type { BoundGraph } from "../bound.js";
import type { Program } from "../plan.js";
import { Frame, targetInput } from "./frame.js";
import { instantiate, type Instance } from "./instance.js";
import type { Source } from "./sources.js";
import { layPath, requireValue, type MovingValue, type Start } from "./start.js";

/** What a DeepLIFT program credits: the inputs, or the units of a layer. */
export interface DeepLiftSpec {
  readonly sources: readonly Source[];
  /** The value that holds the target. */
  readonly target: string;
  /** The layer that is credited in place of the inputs. */
  readonly layer?: string;
  /** False: multipliers alone, without the factor x − x₀. */
  readonly multiply: boolean;
  readonly rule: DeepLiftRule;
}

export const deepLiftRules = ["rescale", "revealCancel"] as const;
export type DeepLiftRule = (typeof deepLiftRules)[number];

/**
 * The model at the sample and at its baseline, and multipliers carried back from the target. Outputs, R rows each: `score` and `baselineScore`; `credit/<name>`
 * by input name, or by the layer's. Compiled when its graph is first asked for. Source: https://arxiv.org/abs/1704.02685
 */
export function deepLiftProgram(bound: BoundGraph, spec: DeepLiftSpec): Program {
  requireValue(bound, spec.target, "target");
  if (spec.layer !== undefined) requireValue(bound, spec.layer, "layer");
  const key = ["deepLift", spec.rule, spec.target, spec.layer ?? "", spec.multiply, spec.sources.map((s) => s.input).join("+")].join("|");
  let graph: Graph | undefined;
  return {
    key: `${bound.key}:${key}`,
    get graph() {
      return (graph ??= compile(bound, spec, key));
    },
  };
}

function compile(bound: BoundGraph, spec: DeepLiftSpec, name: string): Graph {
  const frame = new Frame(bound);
  const { b } = frame;
  const start = layPath(frame, spec.sources, true);
  const pair = instantiatePair(frame, start, [spec.target, ...(spec.layer === undefined ? [] : [spec.layer])]);
  const seed = targetSeed(frame, spec.target);
  const score = (value: string): string => {
    const product = b.mul(value, seed);
    const axes = [...Array(b.rank(product)).keys()].filter((i) => !(frame.hasRows(product) && i === 0));
    return b.sum(product, axes, false);
  };
  const target = pair.sample(spec.target);
  const outputs: Record<string, string> = { score: score(target), baselineScore: score(pair.baseline(target)) };
  const carried = carryBack(frame, spec.rule, pair, target, seed);
  if (spec.layer !== undefined) {
    const y = pair.sample(spec.layer);
    const { multiplier, credit } = present(carried([y]).get(y), y);
    outputs[`credit/${spec.layer}`] = spec.multiply ? credit(b.sub(y, pair.baseline(y))) : multiplier;
  } else
    for (const [input, credit] of inputCredits(frame, start.moving, carried(start.moving.map((m) => m.end)), spec.multiply))
      outputs[`credit/${input}`] = credit;
  return frame.finish(name, outputs);
}

/** The model's nodes at the sample, and the names of values there and at the baseline. */
interface Pair {
  readonly nodes: readonly Node[];
  /** A value of the model at the sample. */
  readonly sample: (value: string) => string;
  /** What a value at the sample is called at the baseline; its own name where the sources do not reach it, which is then computed once. */
  readonly baseline: (value: string) => string;
}

function instantiatePair(frame: Frame, start: Start, targets: readonly string[]): Pair {
  const { b, bound } = frame;
  const at = (pick: (m: MovingValue) => string, suffix: string): Instance =>
    instantiate(b, bound.graph.nodes, bound.types, targets, new Map(start.moving.map((m) => [m.from.name, pick(m)])), suffix);
  const sample = at((m) => m.end, "");
  const baseline = at((m) => m.start ?? m.end, "@baseline");
  const starts = new Map(start.moving.map((m) => [m.end, m.start ?? m.end]));
  return {
    nodes: sample.nodes,
    sample: (value) => sample.name(value),
    baseline: (value) => (value === "" ? "" : (starts.get(value) ?? baseline.name(value))),
  };
}

/** What reaches a source: its multiplier, and its credit for a difference from the baseline. */
interface Reached {
  readonly multiplier: string;
  readonly credit: (difference: string) => string;
}

/** By source, what reaches it from the target. */
function carryBack(frame: Frame, rule: DeepLiftRule, pair: Pair, target: string, seed: string): (sources: readonly string[]) => ReadonlyMap<string, Reached> {
  const { b } = frame;
  if (rule === "revealCancel")
    return (sources) => {
      const found = revealCancel(b, pair.nodes, pair.baseline, sources, { value: target, cotangent: seed });
      return new Map([...found].map(([source, { multiplier, credit }]) => [source, { multiplier, credit: () => credit }]));
    };
  return (sources) => {
    const found = differentiate(b, pair.nodes, { sources, seeds: new Map([[target, seed]]), rules: secantRules(pair.baseline) });
    return new Map(
      sources.map((source) => {
        const multiplier = found.get(source) ?? b.zerosLike(source);
        return [source, { multiplier, credit: (difference: string) => b.mul(multiplier, difference) }];
      }),
    );
  };
}

/** One-hot weights of the target's elements: one program serves every class. */
function targetSeed(frame: Frame, target: string): string {
  const type = frame.bound.types.get(target);
  if (type === undefined || !isFloat(type.dtype))
    throw new ExplainError("UNKNOWN_TARGET", `The value "${target}" holds ${type?.dtype ?? "no tensor"}; only numbers with a gradient can be explained.`, {
      hint: "Choose the probabilities or logits.",
    });
  return frame.input(targetInput, type.dtype, type.dims);
}

/** Multipliers times differences by input; the axes that a look-up added are summed, and ids that were rearranged before it get their input's shape. */
function inputCredits(frame: Frame, moving: readonly MovingValue[], reached: ReadonlyMap<string, Reached>, multiply: boolean): Map<string, string> {
  const { b, bound } = frame;
  const credits = new Map<string, string>();
  for (const m of moving) {
    const { multiplier, credit: creditOf } = present(reached.get(m.end), m.end);
    const product = multiply && m.difference !== undefined ? creditOf(m.difference) : multiplier;
    const summed = b.sum(product, m.from.axes, false);
    const dims = bound.types.get(m.source.input)?.dims ?? [];
    const same = b.dims(summed).length === dims.length && b.dims(summed).every((d, i) => d === dims[i]);
    const credit = same ? summed : b.emit("Reshape", [summed, b.shapeOf(m.source.input)], { dtype: b.type(summed).dtype, dims });
    const before = credits.get(m.source.input);
    credits.set(m.source.input, before === undefined ? credit : b.add(before, credit));
  }
  return credits;
}
