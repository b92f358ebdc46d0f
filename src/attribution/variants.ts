import { present } from "../base/assert.js";
import type { Measured, NumberTensor } from "../protocol/explanation.js";
import type { MeasureName } from "../protocol/names.js";
import type { AttributionRequest, TargetElement } from "../protocol/request.js";
import { sizeOf, type Tensor } from "../tensor/tensor.js";
import { stackRows } from "../tensor/stackRows.js";
import type { BoundGraph } from "./bound.js";
import type { Steps } from "./evaluate.js";
import type { MethodContext } from "./method.js";
import type { AttributionResult, Plan } from "./plan.js";
import { gather } from "./rows.js";

/** Rows of one run of a method, variants included: more only take memory. */
const mostRows = 1024;
/** Numbers of one run's result. */
const mostNumbers = 2 ** 21;

/** How a method is asked: its plan, or one that wraps it. */
export type PlanOf = (context: MethodContext) => Plan;

/**
 * Asks a method about variants of a request (other baselines, other inputs, other targets; always the same rows) and hands each one's result to `take`.
 * Where rows were proven independent, variants are packed as rows of one request.
 * @param variant the request of variant `v`; called in order, once each
 * @param apart true for methods that look across rows, whose variants must not see each other
 */
export function* eachVariant(
  context: MethodContext,
  count: number,
  variant: (v: number) => AttributionRequest,
  plan: PlanOf,
  take: (result: AttributionResult, v: number) => void,
  apart = false,
): Steps<void> {
  const { bound, request } = context;
  const rows = rowCount(bound, request);
  const width = [...bound.batched].reduce((n, name) => n + sizeOf(request.inputs[name]?.dims ?? []), 0) + 1;
  const together = !bound.stacked || apart ? 1 : Math.max(1, Math.min(Math.floor(mostRows / rows), Math.floor(mostNumbers / width)));
  for (let first = 0; first < count; first += together) {
    const some = Array.from({ length: Math.min(together, count - first) }, (_, i) => variant(first + i));
    const joined = some.length === 1 ? some[0] : join(bound, some, rows);
    const requests = joined === undefined ? some : [joined];
    for (const [i, one] of requests.entries()) {
      const at = first + i;
      const result = yield* within(plan({ bound, request: one }), at / count, (at + (joined === undefined ? 1 : some.length)) / count);
      if (joined === undefined) take(result, at);
      else split(result, some.length).forEach((part, k) => take(part, first + k));
    }
  }
}

/** A plan as a part of another: its progress is a part of the whole's, and what it knows half-way is not the whole's. */
export function* within(plan: Plan, from: number, to: number): Steps<AttributionResult> {
  let next = plan.next();
  while (next.done !== true) {
    const step = next.value;
    next = plan.next(yield step.kind === "progress" ? { kind: "progress", fraction: from + (to - from) * step.fraction } : step);
  }
  return next.value;
}

/** Rows of a request whose rows are stacked along axis 0; 1 where they can't be. */
export function rowCount(bound: BoundGraph, request: AttributionRequest): number {
  for (const name of bound.batched) return request.inputs[name]?.dims[0] ?? 1;
  return 1;
}

/** Requests about the same rows as one, variant after variant; undefined when they differ in what all rows share. */
function join(bound: BoundGraph, requests: readonly AttributionRequest[], rows: number): AttributionRequest | undefined {
  const first = present(requests[0], "request");
  const shared = (pick: (r: AttributionRequest) => Tensor | undefined): boolean => requests.every((r) => pick(r) === pick(first));
  const inputs: Record<string, Tensor> = {};
  const baselines: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(first.inputs)) {
    if (!bound.batched.has(name) && !(shared((r) => r.inputs[name]) && shared((r) => r.baselines?.[name]))) return undefined;
    inputs[name] = bound.batched.has(name) ? stackRows(requests.map((r) => present(r.inputs[name], name))) : value;
    const baseline = first.baselines?.[name];
    if (baseline === undefined) continue;
    const same = shared((r) => r.baselines?.[name]) && (baseline.dims[0] === 1 || !bound.batched.has(name));
    baselines[name] = same ? baseline : stackRows(requests.map((r) => everyRow(present(r.baselines?.[name], name), rows)));
  }
  const elements = (pick: (r: AttributionRequest) => readonly TargetElement[] | undefined): readonly TargetElement[] | undefined => {
    if (requests.every((r) => pick(r) === pick(first)) && (pick(first)?.length ?? 1) === 1) return pick(first);
    return requests.flatMap((r) => {
      const list = pick(r) ?? [];
      return list.length === 1 ? Array<TargetElement>(rows).fill(present(list[0], "target")) : list;
    });
  };
  const [targets, versus] = [elements((r) => r.targets), elements((r) => r.versus)];
  return {
    ...first,
    inputs,
    ...(first.baselines === undefined ? {} : { baselines }),
    ...(targets === undefined ? {} : { targets }),
    ...(versus === undefined ? {} : { versus }),
  };
}

function everyRow(t: Tensor, rows: number): Tensor {
  return t.dims[0] === rows ? t : gather(t, Array<number>(rows).fill(0));
}

/** A result of joined requests as one result a request. */
function split(result: AttributionResult, parts: number): AttributionResult[] {
  const cut = (t: NumberTensor, part: number): NumberTensor => {
    const size = t.data.length / parts;
    return { dims: [(t.dims[0] ?? parts) / parts, ...t.dims.slice(1)], data: t.data.slice(part * size, (part + 1) * size) };
  };
  const list = (values: readonly number[] | null, part: number): readonly number[] | null =>
    values === null ? null : values.slice((part * values.length) / parts, ((part + 1) * values.length) / parts);
  return Array.from({ length: parts }, (_, part) => ({
    ...result,
    attributions: mapTensors(result.attributions, (t) => cut(t, part)),
    error: result.error === null ? null : mapTensors(result.error, (t) => cut(t, part)),
    delta: list(result.delta, part),
    score: list(result.score, part),
    baselineScore: list(result.baselineScore, part),
    ...(result.measures === undefined
      ? {}
      : { measures: mapMeasures(result.measures, (rows) => rows.slice((part * rows.length) / parts, ((part + 1) * rows.length) / parts)) }),
  }));
}

/** A table of tensors with each one changed. */
export function mapTensors(
  tensors: Readonly<Record<string, NumberTensor>>,
  change: (t: NumberTensor, name: string) => NumberTensor,
): Readonly<Record<string, NumberTensor>> {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, change(t, name)]));
}

/** A table of measures with each one's rows changed. */
export function mapMeasures(
  measures: NonNullable<AttributionResult["measures"]>,
  change: (rows: readonly Measured[], name: MeasureName) => readonly Measured[],
): NonNullable<AttributionResult["measures"]> {
  return Object.fromEntries(Object.entries(measures).map(([name, rows]) => [name, change(rows, name as MeasureName)]));
}
