import { assert, present } from "../base/assert.js";
import { ExplainError } from "../base/diagnostic.js";
import { onnxCode, type Dtype } from "../tensor/dtype.js";
import { tensor } from "../tensor/tensor.js";
import type { Attribute, Dim, Graph, Initializer, Node, Types, ValueInfo, ValueType } from "./ir.js";

/** Plain attribute values; a number is an int unless wrapped by `float`. */
export type AttributeValue = number | string | readonly number[] | Attribute;

/** Marks a number as a float attribute. */
export function float(value: number): Attribute {
  return { kind: "float", value };
}

/**
 * Appends nodes to a graph, keeping every value's bound type. Emits opset-18-and-later forms only (axes as inputs, Split with num_outputs, …).
 * Shape inference is by the caller's word for irregular ops (`dims`), by rule for the regular ones below.
 */
export class Builder {
  readonly nodes: Node[] = [];
  readonly initializers = new Map<string, Initializer>();
  private readonly known: Map<string, ValueType>;
  private readonly taken = new Set<string>();
  private readonly constants = new Map<string, string>();
  /** Values of the same shape at run time: a Shape node then reads the one that was there first, and what was emitted is not computed for its shape alone. */
  private readonly shapedAs = new Map<string, string>();
  private prefix = "";
  private counter = 0;

  constructor(graph: Graph, types: Types) {
    this.known = new Map(types);
    for (const name of types.keys()) this.taken.add(name);
    for (const input of graph.inputs) this.taken.add(input.name);
    for (const [name, initializer] of graph.initializers) {
      this.initializers.set(name, initializer);
      this.taken.add(name);
      if (!this.known.has(name)) this.known.set(name, { dtype: initializer.dtype, dims: initializer.dims });
    }
    for (const node of graph.nodes) this.append(node);
  }

  /** Names of the nodes that follow are `<prefix>/<k>`. */
  scope(prefix: string): void {
    this.prefix = prefix;
    this.counter = 0;
  }

  /** A node that exists already, names unchanged. Its outputs' types must be known or be given later by `declare`. */
  append(node: Node): void {
    for (const output of node.outputs) if (output !== "") this.taken.add(output);
    this.nodes.push(node);
  }

  declare(name: string, type: ValueType): void {
    this.taken.add(name);
    this.known.set(name, type);
  }

  has(name: string): boolean {
    return this.known.has(name);
  }

  type(name: string): ValueType {
    const type = this.known.get(name);
    if (type === undefined)
      throw new ExplainError("MODEL_INVALID", `The value "${name}" has no known type.`, { hint: "It may be a sequence or a map, which carry no gradient." });
    return type;
  }

  dims(name: string): readonly Dim[] {
    return this.type(name).dims;
  }

  rank(name: string): number {
    return this.dims(name).length;
  }

  types(): Types {
    return this.known;
  }

  /** Emits a node with one output of the given type and returns the output's name. */
  emit(op: string, inputs: readonly string[], type: ValueType, attributes: Readonly<Record<string, AttributeValue>> = {}, domain = ""): string {
    return present(this.emitMany(op, inputs, [type], attributes, domain)[0], "output");
  }

  /** Emits a node with several outputs; a null type is an output that is left out. */
  emitMany(
    op: string,
    inputs: readonly string[],
    types: readonly (ValueType | null)[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    domain = "",
  ): string[] {
    const name = this.fresh(this.prefix);
    const outputs = types.map((type, i) => {
      if (type === null) return "";
      const output = types.length === 1 ? name : `${name}:${i}`;
      this.declare(output, type);
      return output;
    });
    const typed: Record<string, Attribute> = {};
    for (const [key, value] of Object.entries(attributes)) typed[key] = toAttribute(value);
    this.nodes.push({ name, op, domain, inputs, outputs, attributes: typed });
    return outputs;
  }

  /** A unique name beginning with `stem`. */
  fresh(stem: string): string {
    let name: string;
    do name = `${stem === "" ? "explain" : stem}/${this.counter++}`;
    while (this.taken.has(name));
    this.taken.add(name);
    return name;
  }

  /** A constant tensor of numbers; equal ones share an initializer. */
  constant(dtype: Exclude<Dtype, "string" | "float16" | "bfloat16">, dims: readonly number[], values: ArrayLike<number>): string {
    const key =
      values.length <= 64
        ? `${dtype}[${dims.join()}]${Array.from(values)
            .map((v) => (Object.is(v, -0) ? "-0" : String(v)))
            .join()}`
        : undefined;
    const found = key === undefined ? undefined : this.constants.get(key);
    if (found !== undefined) return found;
    const name = this.fresh("explain/constant");
    const data = tensor(dtype, dims, values).data;
    assert(ArrayBuffer.isView(data), "numeric constant");
    this.initializers.set(name, { name, dtype, dims, content: { kind: "raw", bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) } });
    this.declare(name, { dtype, dims });
    if (key !== undefined) this.constants.set(key, name);
    return name;
  }

  ints(values: readonly number[]): string {
    return this.constant("int64", [values.length], values);
  }

  /** A scalar of the dtype of `like`. */
  scalar(value: number, like: string): string {
    const { dtype } = this.type(like);
    if (dtype === "float16" || dtype === "bfloat16") return this.cast(this.constant("float32", [], [value]), dtype);
    assert(dtype !== "string", "a scalar of strings");
    return this.constant(dtype, [], [value]);
  }

  // Elementwise, with numpy broadcasting.
  add(a: string, b: string): string {
    return this.binary("Add", a, b);
  }
  sub(a: string, b: string): string {
    return this.binary("Sub", a, b);
  }
  mul(a: string, b: string): string {
    return this.binary("Mul", a, b);
  }
  div(a: string, b: string): string {
    return this.binary("Div", a, b);
  }
  pow(a: string, b: string): string {
    return this.binary("Pow", a, b);
  }
  neg(a: string): string {
    return this.unary("Neg", a);
  }
  /** a · value, a constant of the same dtype. */
  scale(a: string, value: number): string {
    return value === 1 ? a : this.mul(a, this.scalar(value, a));
  }
  /** a + value. */
  shift(a: string, value: number): string {
    return this.add(a, this.scalar(value, a));
  }

  unary(op: string, a: string, attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    return this.elementwise(op, [a], this.type(a).dtype, attributes);
  }

  binary(op: string, a: string, b: string): string {
    return this.elementwise(op, [a, b], this.type(a).dtype);
  }

  /** Less, Greater, LessOrEqual, GreaterOrEqual, Equal, And, Or. */
  compare(op: string, a: string, b: string): string {
    return this.elementwise(op, [a, b], "bool");
  }

  not(a: string): string {
    return this.unary("Not", a);
  }

  where(condition: string, a: string, b: string): string {
    return this.elementwise("Where", [condition, a, b], this.type(a).dtype);
  }

  cast(a: string, dtype: Dtype): string {
    if (this.type(a).dtype === dtype) return a;
    return this.elementwise("Cast", [a], dtype, { to: onnxCode[dtype] });
  }

  private elementwise(op: string, inputs: readonly string[], dtype: Dtype, attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    const dims = inputs.map((x) => this.dims(x)).reduce(broadcast);
    const y = this.emit(op, inputs, { dtype, dims }, attributes);
    const like = dims.includes(null) ? inputs.find((x) => sameDims(this.dims(x), dims)) : undefined;
    if (like !== undefined) this.sameShape(y, like);
    return y;
  }

  /** States that `a` has the shape of `like` at run time. */
  sameShape(a: string, like: string): void {
    const first = this.shapedAs.get(like) ?? like;
    if (first !== a && !this.shapedAs.has(a)) this.shapedAs.set(a, first);
  }

  /** Zeros of the type of `like`, whatever the batch. */
  zerosLike(like: string): string {
    return this.expandLike(this.scalar(0, like), like);
  }

  onesLike(like: string): string {
    return this.expandLike(this.scalar(1, like), like);
  }

  // Shape.
  reshape(a: string, dims: readonly Dim[]): string {
    const unknown = dims.filter((d) => d === null).length;
    const type = { dtype: this.type(a).dtype, dims };
    if (unknown <= 1) {
      const target = this.ints(dims.map((d) => d ?? -1));
      return this.emit("Reshape", [a, target], type, dims.includes(0) ? { allowzero: 1 } : {});
    }
    throw new Error(`reshape to more than one unknown dim; use reshapeLike`);
  }

  /** a with the shape of `like` at run time. */
  reshapeLike(a: string, like: string): string {
    const dims = this.dims(like);
    if (dims.filter((d) => d === null).length <= 1) return this.reshape(a, dims);
    return this.emit("Reshape", [a, this.shapeOf(like)], { dtype: this.type(a).dtype, dims });
  }

  /** Shape as a 1-D int64 value: a constant where it is known, else a Shape node. */
  shapeOf(a: string): string {
    const dims = this.dims(a);
    if (dims.every((d) => d !== null)) return this.ints(dims);
    return this.emit("Shape", [this.shapedAs.get(a) ?? a], { dtype: "int64", dims: [dims.length] });
  }

  expandLike(a: string, like: string): string {
    const y = this.emit("Expand", [a, this.shapeOf(like)], { dtype: this.type(a).dtype, dims: this.dims(like) });
    this.sameShape(y, like);
    return y;
  }

  transpose(a: string, perm: readonly number[]): string {
    if (perm.every((p, i) => p === i)) return a;
    const dims = this.dims(a);
    return this.emit(
      "Transpose",
      [a],
      {
        dtype: this.type(a).dtype,
        dims: perm.map((p) => {
          assert(p < dims.length, () => `no axis ${p}`);
          return dims[p] as Dim;
        }),
      },
      { perm },
    );
  }

  /** Swaps the last two axes. */
  transposeLast(a: string): string {
    const r = this.rank(a);
    return this.transpose(a, [...Array(r - 2).keys(), r - 1, r - 2]);
  }

  unsqueeze(a: string, axes: readonly number[]): string {
    if (axes.length === 0) return a;
    const dims = [...this.dims(a)];
    const sorted = axes.map((x) => (x < 0 ? x + dims.length + axes.length : x)).sort((p, q) => p - q);
    for (const axis of sorted) dims.splice(axis, 0, 1);
    return this.emit("Unsqueeze", [a, this.ints(sorted)], { dtype: this.type(a).dtype, dims });
  }

  squeeze(a: string, axes: readonly number[]): string {
    if (axes.length === 0) return a;
    const dims = this.dims(a);
    const normal = axes.map((x) => (x < 0 ? x + dims.length : x));
    return this.emit("Squeeze", [a, this.ints(normal)], { dtype: this.type(a).dtype, dims: dims.filter((_, i) => !normal.includes(i)) });
  }

  reduce(op: "ReduceSum" | "ReduceMean" | "ReduceMax" | "ReduceMin" | "ReduceProd", a: string, axes: readonly number[], keepdims = true): string {
    if (axes.length === 0) return a;
    const dims = this.dims(a);
    const normal = axes.map((x) => (x < 0 ? x + dims.length : x));
    const reduced = keepdims ? dims.map((d, i) => (normal.includes(i) ? 1 : d)) : dims.filter((_, i) => !normal.includes(i));
    return this.emit(op, [a, this.ints(normal)], { dtype: this.type(a).dtype, dims: reduced }, { keepdims: keepdims ? 1 : 0 });
  }

  sum(a: string, axes: readonly number[], keepdims = true): string {
    return this.reduce("ReduceSum", a, axes, keepdims);
  }
  mean(a: string, axes: readonly number[], keepdims = true): string {
    return this.reduce("ReduceMean", a, axes, keepdims);
  }

  matmul(a: string, b: string): string {
    const p = this.dims(a);
    const q = this.dims(b);
    const m = p.length === 1 ? [] : [p[p.length - 2]!];
    const n = q.length === 1 ? [] : [q[q.length - 1]!];
    const lead = broadcast(p.slice(0, -2), q.slice(0, -2));
    return this.emit("MatMul", [a, b], { dtype: this.type(a).dtype, dims: [...lead, ...m.map((d) => d ?? null), ...n.map((d) => d ?? null)] });
  }

  concat(inputs: readonly string[], axis: number): string {
    const first = present(inputs[0], "input of Concat");
    const dims = [...this.dims(first)];
    const at = axis < 0 ? axis + dims.length : axis;
    dims[at] = inputs.reduce<Dim>((total, name) => {
      const d = this.dims(name)[at] ?? null;
      return total === null || d === null ? null : total + d;
    }, 0);
    return this.emit("Concat", inputs, { dtype: this.type(first).dtype, dims }, { axis: at });
  }

  /** a[starts:ends:steps] along axes; ends may be huge for "to the end". */
  slice(a: string, axes: readonly number[], starts: readonly number[], ends: readonly number[], dims: readonly Dim[], steps?: readonly number[]): string {
    return this.emit("Slice", [a, this.ints(starts), this.ints(ends), this.ints(axes), ...(steps === undefined ? [] : [this.ints(steps)])], {
      dtype: this.type(a).dtype,
      dims,
    });
  }

  /**
   * Sums `a` to the type of `like`: the adjoint of broadcasting `like` to the shape of `a`.
   * A dim of 1 in `like` that is larger (or follows the batch) in `a` is summed away.
   */
  sumTo(a: string, like: readonly Dim[]): string {
    const dims = this.dims(a);
    const extra = dims.length - like.length;
    assert(extra >= 0, () => `cannot sum [${dims.join()}] to [${like.join()}]`);
    const kept = like.map((d, i) => (d === 1 && dims[i + extra] !== 1 ? i + extra : -1)).filter((i) => i >= 0);
    const lead = [...Array(extra).keys()];
    let out = this.sum(a, kept, true);
    out = this.sum(out, lead, false);
    return out;
  }

  /** The finished graph with these inputs and outputs; nodes that no output needs are dropped by `graph/prune`. */
  finish(name: string, inputs: readonly ValueInfo[], outputs: readonly string[], opsets: Readonly<Record<string, number>>): Graph {
    return {
      name,
      inputs,
      outputs: outputs.map((o) => ({ name: o, dtype: this.known.get(o)?.dtype ?? null, dims: null })),
      nodes: this.nodes,
      initializers: this.initializers,
      opsets,
    };
  }
}

function toAttribute(value: AttributeValue): Attribute {
  if (typeof value === "number") return { kind: "int", value };
  if (typeof value === "string") return { kind: "string", value };
  if (Array.isArray(value)) return { kind: "ints", value: value as readonly number[] };
  return value as Attribute;
}

function sameDims(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** The numpy broadcast of two bound shapes; null meets 1 or null. */
function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const p = i < rank - a.length ? 1 : a[i - (rank - a.length)]!;
    const q = i < rank - b.length ? 1 : b[i - (rank - b.length)]!;
    out.push(p === 1 ? q : q === 1 ? p : p === null ? q : p);
  }
  return out;
}
