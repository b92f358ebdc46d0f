import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import { gradient } from "../../autodiff/backward.js";
import { differentiate } from "../../autodiff/differentiate.js";
import { pushForward } from "../../autodiff/forwardMode.js";
import type { RuleFamily } from "../../autodiff/rule.js";
import { isFloat } from "../../tensor/dtype.js";
import type { Graph } from "../../graph/ir.js";
import type { BoundGraph } from "../bound.js";
import type { Program } from "../plan.js";
import { Frame, targetInput } from "./frame.js";
import { instantiate, type Instance } from "./instance.js";
import { classMap, resizeMap, type Interpolation } from "./gradCam.js";
import type { Source } from "./sources.js";
import { atPathStart, layPath, requireValue, type MovingValue, type Start } from "./start.js";

/** The values of a layer: most have one. */
export interface LayerValues {
  readonly layer: string;
  readonly also?: readonly string[];
}

/** What a derivative program computes at each point of the path; the weighted sum over points is its output. */
export type Quantity =
  /** ∂F/∂x times `times`, by input; |·| before the embedding axis is summed when `abs`. */
  | { readonly kind: "inputs"; readonly times: "difference" | "sample" | "one"; readonly abs: boolean }
  /** ∂F/∂y · dy/dα, ∂F/∂y, or y · ∂F/∂y, for the units of a layer, along the input path. */
  | ({ readonly kind: "layer"; readonly times: "velocity" | "one" | "activation" } & LayerValues)
  /** ∂F/∂y · (y − y′) along the straight line from y′ to y in the layer itself; several values move together. */
  | ({ readonly kind: "layerPath"; readonly times: "difference" | "one" } & LayerValues)
  /** Captum's layer conductance: Σ_k D[k]·y · ∂F/∂y(k), with a difference matrix in place of weights. */
  | { readonly kind: "layerSteps"; readonly layer: string }
  /** ∂F/∂y_j · ∂y_j/∂x times (x − x′), the unit j given by a one-hot input. */
  | { readonly kind: "neuron"; readonly layer: string; readonly times: "difference" | "one" }
  /** The same for many units at once: the forward pass and ∂F/∂y are shared; credits get the units' axis behind the rows. `units` are flat indices. */
  | { readonly kind: "neurons"; readonly layer: string; readonly units: readonly number[]; readonly times: "difference" | "one" }
  /** A layer's class map [N, 1, …], its negative part cut off when `relu`. */
  | ({ readonly kind: "classMap"; readonly relu: boolean } & LayerValues)
  /** What the rules carry back to an input, times the layer's class map (never negative) at the input's size; inputs without the layer's axes are left out. */
  | { readonly kind: "inputsTimesMap"; readonly layer: string; readonly interpolation: Interpolation }
  /** The layer's value, no derivative. */
  | ({ readonly kind: "activation" } & LayerValues)
  /** F alone. */
  | { readonly kind: "score" };

export interface DerivativeSpec {
  readonly sources: readonly Source[];
  /** False: the sample itself is the only point. */
  readonly path: boolean;
  /** The value that holds the target; null for activations. */
  readonly target: string | null;
  readonly quantity: Quantity;
  readonly rules: RuleFamily;
  /** Distinguishes rule tables in keys. */
  readonly rulesKey: string;
  /** What the target's cotangent is: 1 (the default), or the target's own value, for rules that divide it up. */
  readonly start?: "one" | "score";
}

export const unitInput = "explain/unit";
export const stepsInput = "explain/steps";

/** A spec's program. Outputs: `score` [K, R]; `credit/<name>` [L, R, …] by input name, or by the layer's name. Compiled when its graph is first asked for. */
export function derivativeProgram(bound: BoundGraph, spec: DerivativeSpec): Program {
  const { quantity, target } = spec;
  if (target !== null) requireValue(bound, target, "target");
  for (const value of valuesOf(quantity)) requireValue(bound, value, "layer");
  let graph: Graph | undefined;
  return {
    key: `${bound.key}:${keyOf(spec)}`,
    get graph() {
      return (graph ??= compile(bound, spec));
    },
  };
}

function valuesOf(quantity: Quantity): readonly string[] {
  if (!("layer" in quantity)) return [];
  return "also" in quantity && quantity.also !== undefined ? [quantity.layer, ...quantity.also] : [quantity.layer];
}

function compile(bound: BoundGraph, spec: DerivativeSpec): Graph {
  const { quantity, target } = spec;
  const frame = new Frame(bound);
  const start = layPath(frame, spec.sources, spec.path);
  const outputs: Record<string, string> = {};
  const replaced = new Map(start.replaced);
  const values = valuesOf(quantity);
  const inLayer = quantity.kind === "layerPath" ? layerPath(frame, start, values, replaced) : new Map<string, LayerPath>();
  const targets = [...(target === null ? [] : [target]), ...values];
  const main = instantiate(frame.b, bound.graph.nodes, bound.types, targets, replaced, "");
  if (quantity.kind === "activation") for (const name of values) outputs[`credit/${name}`] = frame.b.unsqueeze(main.name(name), [0]);
  if (target !== null) {
    const seed = targetSeed(frame, main, target);
    outputs["score"] = seed.score;
    for (const [name, integrand] of integrands(frame, spec, start, main, main.name(target), spec.start === "score" ? seed.product : seed.seed, inLayer))
      outputs[`credit/${name}`] = quantity.kind === "layerSteps" ? integrand : frame.weigh(integrand);
  }
  return frame.finish(keyOf(spec), outputs);
}

function keyOf(spec: DerivativeSpec): string {
  const sources = spec.sources.map((s) => s.input).join("+");
  return [spec.rulesKey, spec.start ?? "one", spec.path ? "path" : "point", spec.target ?? "", JSON.stringify(spec.quantity), sources].join("|");
}

/** The target as a weighting of its value's elements (one-hot, or +1/−1 for a contrast): one program serves every class. */
function targetSeed(frame: Frame, main: Instance, target: string): { readonly seed: string; readonly product: string; readonly score: string } {
  const { b, bound } = frame;
  const type = bound.types.get(target);
  if (type === undefined || !isFloat(type.dtype))
    throw new ExplainError("UNKNOWN_TARGET", `The value "${target}" holds ${type?.dtype ?? "no tensor"}; only numbers with a gradient can be explained.`, {
      hint: "Choose the probabilities or logits.",
    });
  const seed = frame.lift(frame.input(targetInput, type.dtype, type.dims));
  const product = b.mul(main.name(target), seed);
  const axes = [...Array(type.dims.length).keys()].filter((i) => !(frame.hasRows(product) && i === 0));
  return { seed, product, score: frame.split(b.sum(product, axes, false)) };
}

interface LayerPath {
  readonly point: string;
  readonly difference: string;
}

/** The line from y′ to y in place of each of the layer's values; the rest of the model stays at the sample. */
function layerPath(frame: Frame, start: Start, values: readonly string[], replaced: Map<string, string>): Map<string, LayerPath> {
  const { b, bound } = frame;
  const end = instantiate(b, bound.graph.nodes, bound.types, values, new Map(start.moving.map((m) => [m.from.name, m.end])), "@sample");
  const begin = atPathStart(frame, start, values);
  for (const m of start.moving) replaced.set(m.from.name, frame.lift(m.end));
  return new Map(
    values.map((name) => {
      const { value, difference } = frame.path(begin(name), end.name(name));
      replaced.set(name, value);
      return [name, { point: value, difference }];
    }),
  );
}

/** The integrands by output name, each [K, R, …]. */
function integrands(
  frame: Frame,
  spec: DerivativeSpec,
  start: Start,
  main: Instance,
  value: string,
  seed: string,
  inLayer: ReadonlyMap<string, LayerPath>,
): Map<string, string> {
  const { b } = frame;
  const { quantity, rules } = spec;
  const points = start.moving.map((m) => m.point);
  const values = valuesOf(quantity);
  const seeds = new Map([[value, seed]]);
  switch (quantity.kind) {
    case "inputs":
      return inputIntegrands(frame, start.moving, differentiate(b, main.nodes, { sources: points, seeds, rules }), quantity.times, quantity.abs);
    case "layer": {
      // What is divided up is divided among all that comes from the inputs, also past the layer.
      const varying = spec.start === "score" ? { varying: points } : {};
      const cotangents = differentiate(b, main.nodes, { sources: values.map((name) => main.name(name)), seeds, rules, ...varying });
      const tangents = new Map(start.moving.flatMap((m) => (m.difference === undefined ? [] : [[m.point, frame.lift(m.difference)] as const])));
      const integrand = (name: string): string => {
        const y = main.name(name);
        const g = cotangents.get(y) ?? b.zerosLike(y);
        if (quantity.times === "one") return g;
        const factor = quantity.times === "activation" ? y : pushForward(b, main.nodes, rules, y, tangents);
        return factor === undefined ? b.zerosLike(y) : b.mul(g, factor);
      };
      return new Map(values.map((name) => [name, frame.split(integrand(name))]));
    }
    case "layerPath": {
      const cotangents = differentiate(b, main.nodes, { sources: [...inLayer.values()].map((path) => path.point), seeds, rules });
      return new Map(
        [...inLayer].map(([name, { point, difference }]) => {
          const g = frame.split(cotangents.get(point) ?? b.zerosLike(point));
          return [name, quantity.times === "one" ? g : b.mul(g, b.unsqueeze(difference, [0]))];
        }),
      );
    }
    case "layerSteps": {
      const y = main.name(quantity.layer);
      const g = frame.split(cotangentOf(frame, main, y, seeds, rules));
      const steps = frame.input(stepsInput, "float32", [null, null]);
      return new Map([[quantity.layer, stepSum(frame, steps, frame.split(y), g)]]);
    }
    case "neuron": {
      const y = main.name(quantity.layer);
      const unit = frame.lift(frame.input(unitInput, b.type(y).dtype, b.dims(y)));
      const g = cotangentOf(frame, main, y, seeds, rules);
      const pulled = differentiate(b, main.nodes, { sources: points, seeds: new Map([[y, b.mul(g, unit)]]), rules });
      return inputIntegrands(frame, start.moving, pulled, quantity.times, false);
    }
    case "neurons": {
      const y = main.name(quantity.layer);
      const g = cotangentOf(frame, main, y, seeds, rules);
      const each = quantity.units.map((unit) => {
        const pulled = differentiate(b, main.nodes, { sources: points, seeds: new Map([[y, b.mul(g, oneHot(frame, y, unit))]]), rules });
        return inputIntegrands(frame, start.moving, pulled, quantity.times, false);
      });
      return new Map(
        [...(each[0]?.keys() ?? [])].map((name) => [
          name,
          b.concat(
            each.map((e) => b.unsqueeze(present(e.get(name), name), [2])),
            2,
          ),
        ]),
      );
    }
    case "classMap": {
      const cotangents = differentiate(b, main.nodes, { sources: values.map((name) => main.name(name)), seeds, rules });
      return new Map(
        values.map((name) => {
          const y = main.name(name);
          const map = classMap(b, y, cotangents.get(y) ?? b.zerosLike(y));
          return [name, frame.split(quantity.relu ? b.unary("Relu", map) : map)];
        }),
      );
    }
    case "inputsTimesMap": {
      const y = main.name(quantity.layer);
      // The map is made of derivatives, whatever the rules that lead to the inputs.
      const map = b.unary("Relu", classMap(b, y, cotangentOf(frame, main, y, seeds, gradient.rules)));
      const moving = start.moving.filter((m) => b.rank(m.point) === b.rank(y) && !m.source.embedded);
      const pulled = differentiate(b, main.nodes, { sources: moving.map((m) => m.point), seeds, rules });
      const products = moving.map((m): [string, string] => {
        const sizes = b
          .dims(m.point)
          .slice(2)
          .map((d) => present(d, "a known size of the input"));
        const g = pulled.get(m.point) ?? b.zerosLike(m.point);
        return [m.source.input, frame.split(b.mul(g, resizeMap(b, map, sizes, quantity.interpolation)))];
      });
      return new Map(products);
    }
    case "activation":
    case "score":
      return new Map();
  }
}

/** A constant that selects one unit of a layer in every row. */
function oneHot(frame: Frame, layer: string, unit: number): string {
  const { dtype, dims } = frame.b.type(layer);
  const behind = dims.slice(1).map((d) => d ?? 1);
  const values = new Float32Array(behind.reduce((n, d) => n * d, 1));
  values[unit] = 1;
  return frame.b.cast(frame.b.constant("float32", [1, ...behind], values), dtype);
}

/** Σ_k (y[k+1] − y[k]) · g[k]; the differences by a matrix so that the number of points stays free. Result: [1, R, …]. */
function stepSum(frame: Frame, steps: string, y: string, g: string): string {
  const { b } = frame;
  const shape = b.emit("Shape", [y], { dtype: "int64", dims: [b.rank(y)] });
  const points = b.emit("Shape", [steps], { dtype: "int64", dims: [1] }, { start: 0, end: 1 });
  const flatShape = b.emit("Concat", [points, b.ints([-1])], { dtype: "int64", dims: [2] }, { axis: 0 });
  const flat = b.emit("Reshape", [y, flatShape], { dtype: b.type(y).dtype, dims: [null, null] });
  const moved = b.emit("MatMul", [b.cast(steps, b.type(y).dtype), flat], { dtype: b.type(y).dtype, dims: [null, null] });
  const differences = b.emit("Reshape", [moved, shape], b.type(y));
  return b.sum(b.mul(differences, g), [0], true);
}

function cotangentOf(frame: Frame, main: Instance, y: string, seeds: ReadonlyMap<string, string>, rules: RuleFamily): string {
  return differentiate(frame.b, main.nodes, { sources: [y], seeds, rules }).get(y) ?? frame.b.zerosLike(y);
}

function inputIntegrands(
  frame: Frame,
  moving: readonly MovingValue[],
  cotangents: ReadonlyMap<string, string>,
  times: "difference" | "sample" | "one",
  abs: boolean,
): Map<string, string> {
  const { b } = frame;
  const result = new Map<string, string>();
  for (const m of moving) {
    const g = frame.split(cotangents.get(m.point) ?? b.zerosLike(m.point));
    const factor = times === "one" ? undefined : times === "sample" ? m.end : m.difference;
    const product = factor === undefined ? g : b.mul(g, b.unsqueeze(factor, [0]));
    const credit = b.sum(
      abs ? b.unary("Abs", product) : product,
      m.from.axes.map((i) => i + 1),
      false,
    );
    const shaped = toInputShape(frame, credit, m);
    const before = result.get(m.source.input);
    result.set(m.source.input, before === undefined ? shaped : b.add(before, shaped));
  }
  return result;
}

/** Ids may have been reshaped before the look-up; their credit takes the input's shape again. */
function toInputShape(frame: Frame, credit: string, m: MovingValue): string {
  const { b, bound } = frame;
  if (!m.source.embedded) return credit;
  const dims = bound.types.get(m.source.input)?.dims ?? [];
  const got = b.dims(credit).slice(1);
  if (got.length === dims.length && got.every((d, i) => d === dims[i])) return credit;
  const size = (list: readonly (number | null)[]): number => list.reduce<number>((n, d) => n * (d ?? 1), 1);
  if (size(got) !== size(dims))
    throw new ExplainError(
      "NO_GRADIENT_PATH",
      `The ids of "${m.source.input}" are rearranged before "${m.from.name}" looks them up, so its credit can't be traced back to them.`,
      { hint: "Perturbation methods (featureAblation, shapleyValues) work on this model." },
    );
  const lead = b.slice(b.emit("Shape", [credit], { dtype: "int64", dims: [b.rank(credit)] }), [0], [0], [1], [1]);
  const like = b.emit("Shape", [m.source.input], { dtype: "int64", dims: [dims.length] });
  const shape = b.emit("Concat", [lead, like], { dtype: "int64", dims: [dims.length + 1] }, { axis: 0 });
  return b.emit("Reshape", [credit, shape], { dtype: b.type(credit).dtype, dims: [null, ...dims] });
}
