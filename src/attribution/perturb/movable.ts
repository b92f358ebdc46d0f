import { present } from "../../base/assert.js";
import type { NumberTensor } from "../../protocol/explanation.js";
import type { AttributionRequest } from "../../protocol/request.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { BoundGraph } from "../bound.js";
import type { Steps } from "../evaluate.js";
import type { Method, MethodContext } from "../method.js";
import type { AttributionResult } from "../plan.js";
import { findSources } from "../program/sources.js";
import { zeros } from "../rows.js";
import { mapTensors } from "../variants.js";
import { disturbed, rangesOf, readSpread, type Spread } from "./disturb.js";
import { forwardProgram } from "./subject.js";

/** A sample that can be moved a little: its numbers, and for gradient methods the embeddings of its ids, which have no neighbours themselves. */
export interface Movable {
  /** The model with a place for what is added to the embeddings, and a request that adds nothing. */
  readonly context: MethodContext;
  /** The request with everything moved by its spread times random numbers. */
  moved(random: () => number): AttributionRequest;
  /** A result in which embeddings' credits have become their ids' again. */
  folded(result: AttributionResult): AttributionResult;
}

/** An embedding that is added to: `noise` is the input that says by how much. */
interface Looked {
  readonly ids: string;
  readonly value: string;
  readonly noise: string;
}

/** Methods whose numbers are sensitivities to a small change: what was added gets no credit of its own. */
const sensitivities = new Set([
  "saliency",
  "guidedBackprop",
  "deconvolution",
  "guidedGradCam",
  "neuronGradient",
  "neuronGuidedBackprop",
  "neuronDeconvolution",
]);

/** @param option the option that says how far, @param share how far without it, as a share of the range of the values */
export function* movableOf(context: MethodContext, method: Method, option: string, share: number): Steps<Movable> {
  const { bound, request } = context;
  const fixed = new Set(request.fixed ?? []);
  const credited = bound.graph.inputs.map(({ name }) => name).filter((name) => !fixed.has(name));
  const spread = readSpread(request, option, share);
  const looked = method.needs.gradient ? lookedUp(bound, credited) : [];
  if (looked.length === 0) return { context, moved: (random) => ({ ...request, inputs: disturbed(request, spread, random) }), folded: (result) => result };

  const outputs = new Map<string, Tensor>();
  for (const { value } of looked) {
    const run = yield { kind: "run", program: forwardProgram(bound, value), feeds: request.inputs };
    outputs.set(value, present(run[value], value));
  }
  const nothing = Object.fromEntries(
    looked.map(({ value, noise }) => [noise, zeros(present(outputs.get(value), value).dtype, present(outputs.get(value), value).dims)]),
  );
  const noisy: AttributionRequest = { ...request, inputs: { ...request.inputs, ...nothing } };
  const own = new Map(looked.map((l) => [l.noise, l]));
  const ranges = new Map(looked.map(({ value, noise }) => [noise, rangesOf(present(outputs.get(value), value))]));
  const given = request.options?.[option];
  const both: Spread = (name, t, row, element) => {
    const embedding = own.get(name);
    if (embedding === undefined) return spread(name, t, row, element);
    const asked = typeof given === "object" && given !== null ? (given as Readonly<Record<string, unknown>>)[embedding.ids] : given;
    return asked === undefined ? share * (ranges.get(name)?.[row] ?? 0) : spread(embedding.ids, t, row, element);
  };
  // Ids that come as floats are looked up all the same: between them there is nothing.
  const still = { ...noisy, fixed: [...fixed, ...looked.map(({ ids }) => ids)] };
  return {
    context: { bound: withNoise(bound, looked), request: noisy },
    moved: (random) => ({ ...noisy, inputs: disturbed(still, both, random) }),
    folded: (result) => fold(result, looked, sensitivities.has(method.name) || request.options?.["multiplyByInputs"] === false),
  };
}

/** The float values that ids become, where each keeps the ids' axes in front of its own. */
function lookedUp(bound: BoundGraph, credited: readonly string[]): readonly Looked[] {
  return findSources(bound, credited).sources.flatMap(({ input, values, embedded }) =>
    embedded
      ? values.flatMap(({ name, axes }) => {
          const rank = bound.types.get(name)?.dims.length ?? 0;
          const dtype = bound.types.get(name)?.dtype;
          const trailing = axes.every((axis, i) => axis === rank - axes.length + i);
          return trailing && axes.length > 0 && (dtype === "float32" || dtype === "float64") ? [{ ids: input, value: name, noise: `${name}/noise` }] : [];
        })
      : [],
  );
}

/** The graph in which each embedding is the looked-up one plus an input. */
function withNoise(bound: BoundGraph, looked: readonly Looked[]): BoundGraph {
  const byValue = new Map(looked.map((l) => [l.value, l]));
  const types = new Map(bound.types);
  const clean = (value: string): string => `${value}/clean`;
  const nodes = bound.graph.nodes.flatMap((node) => {
    const made = node.outputs.flatMap((output) => byValue.get(output) ?? []);
    if (made.length === 0) return [node];
    const renamed = { ...node, outputs: node.outputs.map((output) => (byValue.has(output) ? clean(output) : output)) };
    const sums = made.map(({ value, noise }) => ({
      name: `${value}/add`,
      op: "Add",
      domain: "",
      inputs: [clean(value), noise],
      outputs: [value],
      attributes: {},
    }));
    return [renamed, ...sums];
  });
  const inputs = looked.map(({ value, noise }) => {
    const type = present(types.get(value), value);
    types.set(clean(value), type);
    types.set(noise, type);
    return { name: noise, dtype: type.dtype, dims: type.dims };
  });
  return {
    ...bound,
    graph: { ...bound.graph, nodes, inputs: [...bound.graph.inputs, ...inputs] },
    types,
    batched: bound.stacked ? new Set([...bound.batched, ...looked.map(({ noise }) => noise)]) : bound.batched,
    key: `${bound.key}:noisy ${looked.map(({ value }) => value).join("+")}`,
  };
}

/** Credits of what was added go to the ids they belong to, or nowhere. */
function fold(result: AttributionResult, looked: readonly Looked[], dropped: boolean): AttributionResult {
  const onto = (tensors: Readonly<Record<string, NumberTensor>>, size: boolean): Readonly<Record<string, NumberTensor>> => {
    const kept = Object.fromEntries(Object.entries(tensors).filter(([name]) => !looked.some(({ noise }) => noise === name)));
    if (dropped) return kept;
    return mapTensors(kept, (t, name) => {
      const parts = looked.filter(({ ids }) => ids === name).flatMap(({ noise }) => tensors[noise] ?? []);
      return parts.length === 0 ? t : { ...t, data: t.data.map((x, i) => parts.reduce((sum, p) => sum + summed(p, i, t.data.length, size), x)) };
    });
  };
  return { ...result, attributions: onto(result.attributions, false), error: result.error === null ? null : onto(result.error, true) };
}

/** The sum of one id's embedding; of absolute values for errors. */
function summed({ data }: NumberTensor, id: number, ids: number, size: boolean): number {
  const width = data.length / ids;
  let sum = 0;
  for (let i = id * width; i < (id + 1) * width; i++) sum += size ? Math.abs(data[i] ?? NaN) : (data[i] ?? NaN);
  return sum;
}
