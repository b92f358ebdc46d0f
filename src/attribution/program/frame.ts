import { present } from "../../base/assert.js";
import { Builder } from "../../graph/builder.js";
import type { Graph, ValueInfo } from "../../graph/ir.js";
import { prune } from "../../graph/prune.js";
import type { BoundGraph } from "../bound.js";

/** Input names of derivative programs that are not inputs of the model. */
export const alphaInput = "explain/alpha";
export const weightInput = "explain/weight";
export const targetInput = "explain/target";
export function baselineInput(input: string): string {
  return `${input}/baseline`;
}

/**
 * The beginning of every derivative program: a builder with the model's constants, whose inputs come in rows R, and which lifts values of R rows to K points × R rows.
 * Rows of one point are adjacent: index k · R + r. Without a proven batch axis there is one row and one point and lifting does nothing.
 */
export class Frame {
  readonly b: Builder;
  private readonly inputs: ValueInfo[] = [];
  private readonly alpha: string;

  constructor(readonly bound: BoundGraph) {
    const empty: Graph = { ...bound.graph, inputs: [], nodes: [], outputs: [] };
    const constants = new Map([...bound.types].filter(([name]) => bound.graph.initializers.has(name)));
    this.b = new Builder(empty, constants);
    this.b.scope("explain");
    this.alpha = bound.stacked ? this.input(alphaInput, "float32", [null, null]) : this.input(alphaInput, "float32", [1, 1]);
  }

  /** Declares a program input. */
  input(name: string, dtype: NonNullable<ValueInfo["dtype"]>, dims: readonly (number | null)[]): string {
    this.inputs.push({ name, dtype, dims });
    this.b.declare(name, { dtype, dims });
    return name;
  }

  /** A model input as it is fed: R rows, or the whole tensor where it has no batch axis. */
  modelInput(input: string): string {
    const type = present(this.bound.types.get(input), input);
    return this.input(input, present(type.dtype, input), type.dims);
  }

  baseline(input: string): string {
    const type = present(this.bound.types.get(input), input);
    return this.input(baselineInput(input), type.dtype, type.dims);
  }

  /** Does this value carry rows? */
  hasRows(value: string): boolean {
    return this.bound.stacked && this.b.dims(value)[0] === null;
  }

  /** Repeats R rows for each of K points. */
  lift(value: string): string {
    if (!this.hasRows(value)) return value;
    const { b } = this;
    const points = this.points();
    if (b.dims(value).includes(0)) return this.repeatedEmpty(value, points);
    const rank = b.rank(value);
    const one = b.unsqueeze(value, [0]);
    const shape = b.emit("Concat", [points, b.ints(Array(rank).fill(1))], { dtype: "int64", dims: [rank + 1] }, { axis: 0 });
    const dims = b.dims(value);
    const expanded = b.emit("Expand", [one, shape], { dtype: b.type(value).dtype, dims: [null, ...dims] });
    return this.merge(expanded, value);
  }

  /** start + α (end − start), lifted: the straight path, with end − start of R rows. */
  path(start: string, end: string): { readonly value: string; readonly difference: string } {
    const { b } = this;
    const difference = b.sub(end, start);
    if (!this.hasRows(end)) {
      const alpha = b.reshape(b.cast(this.alpha, b.type(end).dtype), []);
      return { value: b.add(start, b.mul(alpha, difference)), difference };
    }
    const rank = b.rank(end);
    const alpha = b.cast(this.alpha, b.type(end).dtype);
    const factor =
      rank === 1
        ? alpha
        : b.unsqueeze(
            alpha,
            [...Array(rank - 1).keys()].map((i) => i + 2),
          );
    const moved = b.emit("Mul", [factor, b.unsqueeze(difference, [0])], { dtype: b.type(end).dtype, dims: [null, ...b.dims(end)] });
    const all = b.emit("Add", [b.unsqueeze(start, [0]), moved], { dtype: b.type(end).dtype, dims: [null, ...b.dims(end)] });
    return { value: this.merge(all, end), difference };
  }

  /** [K·R, …] as [K, R, …]; without rows a leading axis of 1. */
  split(value: string): string {
    const { b } = this;
    if (!this.hasRows(value)) return b.unsqueeze(value, [0]);
    const tail = b.dims(value).slice(1);
    const open = tail.map((d, i) => (d === null ? i + 1 : -1)).filter((i) => i >= 0);
    const points = this.points();
    const rest =
      open.length === 0
        ? b.ints([-1, ...tail.map((d) => d!)])
        : b.emit("Concat", [b.ints([-1]), this.behindFirst(value)], { dtype: "int64", dims: [tail.length + 1] }, { axis: 0 });
    const shape = b.emit("Concat", [points, rest], { dtype: "int64", dims: [tail.length + 2] }, { axis: 0 });
    return b.emit("Reshape", [value, shape], { dtype: b.type(value).dtype, dims: [null, null, ...tail] });
  }

  /** Σ_k W[l, k] · value[k, …]: [K, …] to [L, …]. */
  weigh(value: string): string {
    const { b } = this;
    if (!this.inputs.some((i) => i.name === weightInput)) this.input(weightInput, "float32", [null, this.bound.stacked ? null : 1]);
    const dims = b.dims(value).slice(1);
    const flatShape = b.emit("Concat", [this.points(), b.ints([-1])], { dtype: "int64", dims: [2] }, { axis: 0 });
    const flat = b.emit("Reshape", [value, flatShape], { dtype: b.type(value).dtype, dims: [null, null] });
    const product = b.emit("MatMul", [b.cast(weightInput, b.type(value).dtype), flat], { dtype: b.type(value).dtype, dims: [null, null] });
    const tail = this.behindFirst(value);
    const levels = b.emit("Shape", [weightInput], { dtype: "int64", dims: [1] }, { start: 0, end: 1 });
    const shape = b.emit("Concat", [levels, tail], { dtype: "int64", dims: [dims.length + 1] }, { axis: 0 });
    return b.emit("Reshape", [product, shape], { dtype: b.type(value).dtype, dims: [null, ...dims] });
  }

  /** Ends the program; nodes and constants that no output needs are dropped. */
  finish(name: string, outputs: Readonly<Record<string, string>>): Graph {
    const { b } = this;
    b.scope("explain/output");
    for (const [output, value] of Object.entries(outputs)) {
      b.nodes.push({ name: `explain/output/${output}`, op: "Identity", domain: "", inputs: [value], outputs: [output], attributes: {} });
      b.declare(output, b.type(value));
    }
    const graph = prune(b.finish(name, this.inputs, Object.keys(outputs), this.bound.graph.opsets));
    const used = new Set(graph.nodes.flatMap((n) => n.inputs));
    return { ...graph, inputs: graph.inputs.filter((i) => used.has(i.name)) };
  }

  /**
   * The dims of a value behind its first axis, at run time. Not by Shape's `start`: ONNX Runtime 1.30 moves transposes through Shape without heeding it
   * and then reads beyond the end.
   */
  private behindFirst(value: string): string {
    const { b } = this;
    const rank = b.rank(value);
    const shape = b.emit("Shape", [value], { dtype: "int64", dims: [rank] });
    return b.slice(shape, [0], [1], [rank], [rank - 1]);
  }

  private points(): string {
    return this.b.emit("Shape", [this.alpha], { dtype: "int64", dims: [1] }, { start: 0, end: 1 });
  }

  /** The past of a sequence that has just begun: Reshape can't make K·R rows of it, since beside a size of 0 it takes no −1. */
  private repeatedEmpty(value: string, points: string): string {
    const { b } = this;
    const shape = b.emit("Shape", [value], { dtype: "int64", dims: [b.rank(value)] });
    const rows = b.mul(points, b.slice(shape, [0], [0], [1], [1]));
    const dims = b.dims(value);
    const target = b.emit("Concat", [rows, this.behindFirst(value)], { dtype: "int64", dims: [dims.length] }, { axis: 0 });
    return b.cast(b.emit("ConstantOfShape", [target], { dtype: "float32", dims: [null, ...dims.slice(1)] }), b.type(value).dtype);
  }

  /** [K, R, …] as [K·R, …]. */
  private merge(value: string, like: string): string {
    const { b } = this;
    const tail = b.dims(like).slice(1);
    const open = tail.some((d) => d === null);
    const shape = open
      ? b.emit("Concat", [b.ints([-1]), this.behindFirst(like)], { dtype: "int64", dims: [tail.length + 1] }, { axis: 0 })
      : b.ints([-1, ...tail.map((d) => d!)]);
    return b.emit("Reshape", [value, shape], { dtype: b.type(value).dtype, dims: b.dims(like) });
  }
}
