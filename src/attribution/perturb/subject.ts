import { present } from "../../base/assert.js";
import { ExplainError } from "../../base/diagnostic.js";
import type { Graph } from "../../graph/ir.js";
import { nodesBehind, renameReads } from "../../graph/reads.js";
import { valuesReadBy } from "../../graph/walk.js";
import { prune } from "../../graph/prune.js";
import { sizeOf, toNumbers, type Tensor } from "../../tensor/tensor.js";
import type { BoundGraph } from "../bound.js";
import type { Steps } from "../evaluate.js";
import type { MethodContext } from "../method.js";
import type { Feeds, Program } from "../plan.js";
import { blank, checkBaseline, copy, gather, zeros, type Elements, type Rows } from "../rows.js";

/** Something that is perturbed: a model input, or a layer's value that stands in for one. */
export interface Part {
  readonly name: string;
  readonly value: Tensor;
  readonly baseline: Tensor;
  /** Elements of one row. */
  readonly size: number;
  readonly dims: readonly number[];
  /** The pieces of a text, which are its elements. */
  readonly pieces?: readonly string[];
}

/** What a perturbation method plays with: parts that change, everything else held, and the program that answers. */
export interface Subject {
  readonly rows: Rows;
  readonly parts: readonly Part[];
  readonly held: Feeds;
  readonly program: Program;
  readonly capacity: number;
}

/** Which elements of a part are replaced by the baseline: `absent(part, element)`. */
export type Absent = (part: number, element: number) => boolean;

/** A variant of a row to be scored. */
export interface Variant {
  readonly row: number;
  readonly absent: Absent;
}

export function subjectOf(context: MethodContext, rows: Rows, target: string, capacity: number): Subject {
  const { bound, request } = context;
  const fixed = new Set(request.fixed ?? []);
  const parts = bound.graph.inputs
    .filter((i) => !fixed.has(i.name))
    .map((i) => partOf(i.name, present(request.inputs[i.name], i.name), request.baselines?.[i.name], rows, request.pieces?.[i.name]));
  if (parts.length === 0) throw new ExplainError("INPUT_INVALID", "Every input is held fixed, so nothing is left to perturb.", { hint: "Release one." });
  const held = Object.fromEntries(bound.graph.inputs.filter((i) => fixed.has(i.name)).map((i) => [i.name, present(request.inputs[i.name], i.name)]));
  return { rows, parts, held, capacity, program: forwardProgram(bound, target) };
}

/** A model's forward pass to one value. */
export function forwardProgram(bound: BoundGraph, target: string): Program {
  const graph: Graph = { ...bound.graph, outputs: [{ name: target, dtype: bound.types.get(target)?.dtype ?? null, dims: null }] };
  const pruned = prune(graph);
  return { key: `${bound.key}:forward|${target}`, graph: pruned };
}

/** The name under which a layer's perturbed value is fed. */
export function perturbedName(layer: string): string {
  return `${layer}/perturbed`;
}

/** The forward pass from a layer on: the layer's value is fed, what the rest of the model needs besides comes from its inputs. */
export function fromLayerProgram(bound: BoundGraph, layer: string, target: string): Program {
  const type = present(bound.types.get(layer), layer);
  const fed = perturbedName(layer);
  const rest = nodesBehind(bound.graph.nodes, [target], (v) => v === layer).map((n) => renameReads(n, (v) => (v === layer ? fed : v)));
  const nodes = target === layer ? [{ name: fed, op: "Identity", domain: "", inputs: [fed], outputs: [target], attributes: {} }] : rest;
  const graph = prune({
    ...bound.graph,
    nodes,
    inputs: [...bound.graph.inputs, { name: fed, dtype: type.dtype, dims: type.dims }],
    outputs: [{ name: target, dtype: null, dims: null }],
  });
  const used = new Set(graph.nodes.flatMap(valuesReadBy));
  return { key: `${bound.key}:from|${layer}|${target}`, graph: { ...graph, inputs: graph.inputs.filter((i) => used.has(i.name)) } };
}

export function partOf(name: string, value: Tensor, given: Tensor | undefined, rows: Rows, pieces?: readonly string[]): Part {
  if (given !== undefined) checkBaseline(name, given, value);
  if (pieces !== undefined) return { name, value, baseline: zeros(value.dtype, value.dims), size: pieces.length, dims: [pieces.length], pieces };
  const byRow = rows.bound.stacked || rows.count > 1;
  const dims = byRow ? value.dims.slice(1) : value.dims;
  return { name, value, baseline: given ?? zeros(value.dtype, [1, ...value.dims.slice(1)]), size: sizeOf(dims), dims };
}

/** The scores of variants of one row. */
export function scoreVariants(subject: Subject, row: number, variants: readonly Variant[]): Steps<number[]> {
  return predict(subject, variants, subject.rows.scoreOf(row));
}

/** Runs variants, as many at once as the capacity allows. `pick` reads what is wanted from a row of the target's value. */
export function* predict<T>(subject: Subject, variants: readonly Variant[], pick: (values: Float64Array) => T): Steps<T[]> {
  const { rows, parts, held, program } = subject;
  const target = present(rows.target, "target");
  const most = rows.bound.stacked ? subject.capacity : 1;
  const results: T[] = [];
  for (let first = 0; first < variants.length; first += most) {
    const some = variants.slice(first, first + most);
    const feeds: Record<string, Tensor> = {};
    for (const [name, value] of Object.entries(held))
      feeds[name] = rows.bound.batched.has(name)
        ? gather(
            value,
            some.map((v) => v.row),
          )
        : value;
    parts.forEach((part, p) => {
      feeds[part.name] = materialize(part, p, some, rows);
    });
    const outputs = yield { kind: "run", program, feeds };
    const values = toNumbers(present(outputs[target], target));
    const size = values.length / (rows.bound.stacked ? some.length : rows.count);
    some.forEach((variant, i) => {
      const at = rows.bound.stacked ? i : rows.count > 1 ? variant.row : 0;
      results.push(pick(values.subarray(at * size, (at + 1) * size)));
    });
  }
  return results;
}

function materialize(part: Part, index: number, variants: readonly Variant[], rows: Rows): Tensor {
  const { value, baseline, size, pieces } = part;
  if (pieces !== undefined) {
    const texts = variants.map(({ absent }) => pieces.filter((_, e) => !absent(index, e)).join(""));
    return { dtype: "string", dims: rows.bound.stacked ? [variants.length, ...value.dims.slice(1)] : value.dims, data: texts };
  }
  if (!rows.bound.stacked) {
    const variant = present(variants[0], "variant");
    const data = blank(value.dtype, value.data.length);
    copy(value.data, data, 0, 0, data.length);
    const offset = rows.count > 1 ? variant.row * size : 0;
    replace(data, offset, baseline, baseline.data.length === size ? 0 : offset, size, variant.absent, index);
    return { ...value, data };
  }
  const data = blank(value.dtype, variants.length * size);
  variants.forEach((variant, i) => {
    copy(value.data, data, variant.row * size, i * size, size);
    replace(data, i * size, baseline, baseline.dims[0] === 1 ? 0 : variant.row * size, size, variant.absent, index);
  });
  return { dtype: value.dtype, dims: [variants.length, ...part.dims], data };
}

function replace(data: Elements, at: number, baseline: Tensor, from: number, size: number, absent: Absent, part: number): void {
  const target = data as Float32Array;
  const source = baseline.data as Float32Array;
  const repeat = source.length < size ? source.length : size;
  for (let e = 0; e < size; e++) if (absent(part, e)) target[at + e] = source[from + (e % repeat)]!;
}
