import { present } from "../base/assert.js";
import { ExplainError } from "../base/diagnostic.js";
import type { AttributionRequest, TargetElement } from "../protocol/request.js";
import { allocate, sizeOf, type Tensor } from "../tensor/tensor.js";
import type { Dtype } from "../tensor/dtype.js";
import type { BoundGraph } from "./bound.js";
import type { Feeds } from "./plan.js";
import { baselineInput, targetInput } from "./program/frame.js";
import { unitInput } from "./program/derivative.js";

/** One line of work: a row of the request and, where units are enumerated, a unit of the layer (flat index behind the batch axis) or several taken together. */
export interface Item {
  readonly row: number;
  readonly unit?: readonly number[];
}

/** The rows of a request as feeds: gathers samples, baselines, targets and units for any set of items. */
export class Rows {
  readonly count: number;

  constructor(
    readonly bound: BoundGraph,
    readonly request: AttributionRequest,
    /** The value whose elements are explained; null without a target. */ readonly target: string | null,
    /** Items name the target's element (neuron methods) instead of the request. */ private readonly byUnit = false,
  ) {
    this.count = countRows(bound, request, target);
    for (const { name } of bound.graph.inputs)
      if (request.inputs[name] === undefined)
        throw new ExplainError("INPUT_MISSING", `No value for the input "${name}".`, {
          hint: "Give it with --input, a column of the sample file, or the sidecar.",
        });
  }

  /** dims behind the row axis of a value (all dims where rows can't be stacked and there is only one). */
  unitDims(value: string): readonly number[] {
    const dims = present(this.bound.types.get(value), value).dims;
    const behind = this.bound.stacked || this.count > 1 ? dims.slice(1) : dims[0] === 1 ? dims.slice(1) : dims;
    return behind.map((d) => d ?? this.count);
  }

  /** Feeds of a derivative program. Without a batch axis `items` has exactly one entry. */
  feeds(items: readonly Item[], unitLayer: string | null): Feeds {
    const feeds: Record<string, Tensor> = {};
    for (const { name } of this.bound.graph.inputs) {
      const value = present(this.request.inputs[name], name);
      const batched = this.bound.batched.has(name);
      feeds[name] = batched
        ? gather(
            value,
            items.map((i) => i.row),
          )
        : value;
      feeds[baselineInput(name)] = this.baseline(name, value, items, batched);
    }
    if (this.target !== null) feeds[targetInput] = this.seeds(this.target, items, this.byUnit);
    if (unitLayer !== null) feeds[unitInput] = this.seeds(unitLayer, items, true);
    return feeds;
  }

  /** Flat position of a row's target behind the row axis, and of what it is held against. */
  targetOffsets(row: number): { readonly target: number; readonly versus?: number } {
    const value = present(this.target, "target");
    const target = this.flat(value, elementFor(this.request.targets, row));
    return this.request.versus === undefined ? { target } : { target, versus: this.flat(value, elementFor(this.request.versus, row)) };
  }

  /** Reads a row's score off a value's numbers: its target, minus what it is held against. `start` is where the row begins. */
  scoreOf(row: number): (values: ArrayLike<number>, start?: number) => number {
    const { target, versus } = this.targetOffsets(row);
    return (values, start = 0) => values[start + target]! - (versus === undefined ? 0 : values[start + versus]!);
  }

  private baseline(name: string, value: Tensor, items: readonly Item[], batched: boolean): Tensor {
    const given = this.request.baselines?.[name];
    if (given !== undefined) checkBaseline(name, given, value);
    if (batched) {
      const rows = items.map((i) => i.row);
      if (given === undefined) return zeros(value.dtype, [rows.length, ...value.dims.slice(1)]);
      return gather(given, given.dims[0] === 1 ? rows.map(() => 0) : rows);
    }
    const whole =
      given === undefined
        ? zeros(value.dtype, value.dims)
        : given.dims[0] === 1 && value.dims[0] !== 1
          ? gather(given, Array<number>(value.dims[0] ?? 1).fill(0))
          : given;
    if (this.count === 1) return whole;
    // Rows interact and can't be stacked: only the explained row moves, the others keep their values.
    const row = present(items[0], "item").row;
    return replaceRow(value, whole, row);
  }

  /** One-hot weights over a value's elements; +1 at the target, −1 at what it is held against. */
  private seeds(value: string, items: readonly Item[], byUnit: boolean): Tensor {
    const type = present(this.bound.types.get(value), value);
    const dtype = type.dtype as Exclude<Dtype, "string">;
    const dims =
      this.bound.stacked && type.dims[0] === null ? [items.length, ...type.dims.slice(1).map((d) => d ?? items.length)] : type.dims.map((d) => d ?? 1);
    const data = allocate(dtype, sizeOf(dims));
    const perRow = sizeOf(dims.slice(1));
    items.forEach((item, i) => {
      const stackedRow = this.bound.stacked && type.dims[0] === null;
      const offset = stackedRow ? i * perRow : this.count > 1 ? item.row * perRow : 0;
      if (byUnit) {
        for (const unit of present(item.unit, "unit")) set(data, offset + unit, 1, dtype);
        return;
      }
      set(data, offset + this.flat(value, elementFor(this.request.targets, item.row)), 1, dtype);
      if (this.request.versus !== undefined) set(data, offset + this.flat(value, elementFor(this.request.versus, item.row)), -1, dtype);
    });
    return { dtype, dims, data };
  }

  /** Flat position of an element behind the row axis. Throws UNKNOWN_TARGET when it lies outside. */
  private flat(value: string, element: TargetElement): number {
    const behind = this.unitDims(value);
    // A model without a row axis may be indexed with or without the leading 1 that its output has.
    const index = element.index.length === behind.length + 1 && element.index[0] === 0 ? element.index.slice(1) : element.index;
    const dims = index.length === behind.length ? behind : behind.length === index.length + 1 && behind[0] === 1 ? behind.slice(1) : undefined;
    if (dims === undefined || index.some((x, i) => x < 0 || x >= dims[i]! || !Number.isInteger(x)))
      throw new ExplainError(
        "UNKNOWN_TARGET",
        `The target ${value}[${element.index.join(", ")}] does not exist: "${value}" has dims [${behind.join(", ")}] behind the batch axis.`,
        { hint: `Indices count from 0${behind.length === 1 ? `, so 0 to ${behind[0]! - 1}` : ""}.` },
      );
    return index.reduce((at, x, i) => at * dims[i]! + x, 0);
  }
}

function countRows(bound: BoundGraph, request: AttributionRequest, target: string | null): number {
  if (bound.stacked) {
    let rows: number | undefined;
    for (const name of bound.batched) {
      const dims = request.inputs[name]?.dims;
      if (dims === undefined) continue;
      if (rows !== undefined && dims[0] !== rows)
        throw new ExplainError("INPUT_INVALID", `The inputs have different numbers of rows: ${dims[0]} in "${name}", ${rows} before.`);
      rows = dims[0];
    }
    return rows ?? 1;
  }
  const lead = target === null ? undefined : bound.types.get(target)?.dims[0];
  const moving = bound.graph.inputs.filter((i) => !(request.fixed ?? []).includes(i.name)).map((i) => bound.types.get(i.name)?.dims[0]);
  return typeof lead === "number" &&
    lead > 1 &&
    moving.length > 0 &&
    moving.every((d) => d === lead) &&
    (bound.types.get(target ?? "")?.dims.length ?? 0) === (request.targets?.[0]?.index.length ?? 0) + 1
    ? lead
    : 1;
}

function elementFor(elements: readonly TargetElement[] | undefined, row: number): TargetElement {
  if (elements === undefined || elements.length === 0)
    throw new ExplainError("UNKNOWN_TARGET", "This method explains a score, but no target was given.", { hint: "Name a class or an output element." });
  return elements.length === 1 ? elements[0]! : present(elements[row], `target of row ${row}`);
}

/** Throws BASELINE_INVALID when a baseline does not have the sample's dims behind the row axis. */
export function checkBaseline(name: string, given: Tensor, value: Tensor): void {
  const same = given.dims.length === value.dims.length && given.dims.every((d, i) => d === value.dims[i] || i === 0);
  if (!same || (given.dims[0] !== 1 && given.dims[0] !== value.dims[0]))
    throw new ExplainError("BASELINE_INVALID", `The baseline of "${name}" has dims [${given.dims.join(", ")}], the sample [${value.dims.join(", ")}].`, {
      hint: "A baseline has the sample's dims, with one row or as many rows as the sample.",
    });
}

/** Rows of a tensor by index along axis 0. */
export function gather(t: Tensor, rows: readonly number[]): Tensor {
  const size = sizeOf(t.dims.slice(1));
  const dims = [rows.length, ...t.dims.slice(1)];
  if (!ArrayBuffer.isView(t.data)) return { dtype: t.dtype, dims, data: rows.flatMap((r) => (t.data as readonly string[]).slice(r * size, (r + 1) * size)) };
  if (rows.length === t.dims[0] && rows.every((r, i) => r === i)) return t;
  const data = allocate(t.dtype as Exclude<Dtype, "string">, rows.length * size);
  rows.forEach((r, i) => {
    copy(t.data, data, r * size, i * size, size);
  });
  return { dtype: t.dtype, dims, data };
}

function replaceRow(value: Tensor, from: Tensor, row: number): Tensor {
  const size = sizeOf(value.dims.slice(1));
  const data = blank(value.dtype, sizeOf(value.dims));
  copy(value.data, data, 0, 0, data.length);
  copy(from.data, data, row * size, row * size, size);
  return { dtype: value.dtype, dims: value.dims, data };
}

/** Elements of a tensor that is being made. */
export type Elements = Exclude<Tensor["data"], readonly string[]> | string[];

/** Copies `length` elements between two arrays of one type. */
export function copy(from: Tensor["data"], to: Elements, start: number, at: number, length: number): void {
  if (Array.isArray(to)) {
    for (let i = 0; i < length; i++) to[at + i] = String(from[start + i]);
    return;
  }
  const target: { set(array: ArrayLike<unknown>, offset: number): void } = to;
  const source = from as Float32Array;
  target.set(source.subarray(start, start + length), at);
}

/** Zeros, or empty strings. */
export function blank(dtype: Dtype, length: number): Elements {
  return dtype === "string" ? Array<string>(length).fill("") : allocate(dtype, length);
}

export function zeros(dtype: Dtype, dims: readonly number[]): Tensor {
  return { dtype, dims, data: blank(dtype, sizeOf(dims)) };
}

function set(data: Exclude<Tensor["data"], readonly string[]>, at: number, value: 1 | -1, dtype: Dtype): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[at] = BigInt(value);
  else if (dtype === "float16") data[at] = value === 1 ? 0x3c00 : 0xbc00;
  else if (dtype === "bfloat16") data[at] = value === 1 ? 0x3f80 : 0xbf80;
  else data[at] = value;
}
