import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import type { Dim } from "../../graph/ir.js";
import type { RuleContext } from "../rule.js";
import { normalAxis, product } from "./axes.js";
import { scatterAlong } from "./scatterAlong.js";

/** Zeros of the data's shape in the cotangent's type. */
function zerosOf(b: Builder, like: string, dy: string): string {
  return b.expandLike(b.scalar(0, dy), like);
}

export function gatherElements(c: RuleContext): (string | null)[] {
  const { b } = c;
  const [data, indices] = [c.x[0]!, c.x[1]!];
  const dy = c.dy[0]!;
  return [
    b.emit(
      "ScatterElements",
      [zerosOf(b, data, dy), indices, dy],
      { dtype: b.type(dy).dtype, dims: b.dims(data) },
      { axis: c.a.int("axis", 0), reduction: "add" },
    ),
    null,
  ];
}

/**
 * The adjoint of GatherND: the index tuples become positions in flattened data, so that ScatterElements, which adds repeated positions in a fixed order, does it.
 * Source: https://onnx.ai/onnx/operators/onnx__GatherND.html
 */
export function gatherND(c: RuleContext): (string | null)[] {
  const { b } = c;
  const [data, indices] = [c.x[0]!, c.x[1]!];
  const dy = c.dy[0]!;
  return [addAtTuples(b, dy, data, indices, c.a.int("batch_dims", 0)), null];
}

function addAtTuples(b: Builder, dy: string, data: string, indices: string, batchDims: number): string {
  const dims = b.dims(data);
  const indexDims = b.dims(indices);
  const depth = present(indexDims.at(-1), "the length of an index tuple");
  const batch = dims.slice(0, batchDims);
  const indexed = dims.slice(batchDims, batchDims + depth).map((d) => present(d, "a known size of an indexed axis"));
  const rest = dims.slice(batchDims + depth);
  const tuples = indexDims.slice(batchDims, -1);
  const [rows, cells, width, count] = [product(batch), indexed.reduce((p, d) => p * d, 1), product(rest), product(tuples)];
  const { dtype } = b.type(dy);
  const linear = b.reshape(linearIndex(b, indices, indexed), [rows, count, 1]);
  const wide: Dim[] = [rows, count, width];
  const updates = b.reshape(dy, wide);
  const everywhere = b.emit("Expand", [linear, b.shapeOf(updates)], { dtype: "int64", dims: wide });
  const zeros = b.reshape(zerosOf(b, data, dy), [rows, cells, width]);
  const out = b.emit("ScatterElements", [zeros, everywhere, updates], { dtype, dims: [rows, cells, width] }, { axis: 1, reduction: "add" });
  return b.reshapeLike(out, data);
}

/** Σ index · stride over the last axis of `indices`, negative ones counted from the end of their axis. */
function linearIndex(b: Builder, indices: string, sizes: readonly number[]): string {
  const int = (values: readonly number[]): string => b.constant("int64", [values.length], values);
  const wrapped = b.where(b.compare("Less", indices, int(sizes.map(() => 0))), b.add(indices, int(sizes)), indices);
  const strides = sizes.map((_, i) => sizes.slice(i + 1).reduce((p, d) => p * d, 1));
  return b.sum(b.mul(wrapped, int(strides)), [-1], true);
}

interface ScatterForm {
  readonly scatter: (data: string, updates: string, reduction: string) => string;
  readonly take: (from: string) => string;
}

/**
 * ScatterElements and ScatterND, whose derivatives differ only in how positions are read and written.
 * none: the data's cotangent is cleared where updates were written; add: both pass; mul: the product of the others; min, max: to the winner, the data before an equal update.
 */
function scatterCotangents(c: RuleContext, form: ScatterForm): (string | null)[] {
  const { b } = c;
  const [data, updates, y] = [c.x[0]!, c.x[2]!, c.y[0]!];
  const dy = c.dy[0]!;
  const zero = (): string => b.zerosLike(updates);
  const one = (like: string): string => b.onesLike(like);
  const select = (condition: string, value: string): string => b.where(condition, value, b.scalar(0, value));
  switch (c.a.string("reduction", "none")) {
    case "add":
      return [dy, null, form.take(dy)];
    case "mul": {
      const others = form.scatter(one(data), updates, "mul");
      // y / update is the product of everything else at that place.
      return [c.needs(0) ? b.mul(dy, others) : null, null, c.needs(2) ? b.div(form.take(b.mul(dy, y)), updates) : null];
    }
    case "min":
    case "max": {
      const kept = b.compare("Equal", data, y);
      const won = b.compare("And", b.compare("Equal", updates, form.take(y)), b.not(b.compare("Equal", form.take(data), form.take(y))));
      return [c.needs(0) ? select(kept, dy) : null, null, c.needs(2) ? select(won, form.take(dy)) : null];
    }
    default:
      return [c.needs(0) ? form.scatter(dy, zero(), "none") : null, null, c.needs(2) ? form.take(dy) : null];
  }
}

export function scatterElements(c: RuleContext): (string | null)[] {
  const { b } = c;
  const indices = c.x[1]!;
  const axis = c.a.int("axis", 0);
  return scatterCotangents(c, {
    scatter: (data, updates, reduction) => b.emit("ScatterElements", [data, indices, updates], b.type(data), { axis, reduction }),
    take: (from) => b.emit("GatherElements", [from, indices], { dtype: b.type(from).dtype, dims: b.dims(indices) }, { axis }),
  });
}

export function scatterND(c: RuleContext): (string | null)[] {
  const { b } = c;
  const [indices, updates] = [c.x[1]!, c.x[2]!];
  return scatterCotangents(c, {
    scatter: (data, values, reduction) => b.emit("ScatterND", [data, indices, values], b.type(data), { reduction }),
    take: (from) => b.emit("GatherND", [from, indices], { dtype: b.type(from).dtype, dims: b.dims(updates) }),
  });
}

/** Compress: a Gather of the positions where the condition holds; without an axis, of the flattened input. */
export function compress(c: RuleContext): (string | null)[] {
  const { b } = c;
  const [data, condition] = [c.x[0]!, c.x[1]!];
  const dy = c.dy[0]!;
  const { dtype } = b.type(dy);
  const flat = !c.a.has("axis");
  const axis = flat ? 0 : normalAxis(c.a.int("axis", 0), b.rank(data));
  const taken = b.dims(c.y[0]!)[axis] ?? null;
  const known = c.constant(1)?.flatMap((v, i) => (v === 0 ? [] : [i]));
  const indices = known !== undefined ? b.ints(known) : b.squeeze(b.emit("NonZero", [condition], { dtype: "int64", dims: [1, taken] }), [0]);
  if (!flat) return [scatterAlong(b, dy, data, axis, indices, known), null];
  const line = b.reshape(zerosOf(b, data, dy), [product(b.dims(data))]);
  const placed = b.emit("ScatterElements", [line, indices, dy], { dtype, dims: b.dims(line) }, { axis: 0, reduction: "add" });
  return [b.reshapeLike(placed, data), null];
}
