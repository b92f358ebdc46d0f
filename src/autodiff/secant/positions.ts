import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import { normalAxis, range } from "../rules/axes.js";
import { asFloat, stands } from "./chord.js";
import { moves, multiplier, type SecantContext, type SecantFamily } from "./rule.js";

/*
 * Reading by positions that may differ between sample and baseline: y = x[i], y₀ = x₀[j]. The change of y belongs to positions i and j, to each in proportion to
 * how far it moved itself: Δy · sign(Δ) / (|Δᵢ| + |Δⱼ|); for i = j that is 1.
 */

/** `take` reads |Δ| at the sample's (or the baseline's) positions, `put` writes numbers of y's shape there and adds up. */
interface Reading {
  readonly take: (from: string, atSample: boolean) => string;
  readonly put: (values: string, atSample: boolean) => string;
  /** Multipliers of what stands still. */
  readonly still: string;
}

function shared(c: SecantContext, { take, put, still }: Reading): string {
  const { b } = c;
  const difference = b.sub(c.x[0]!, c.x0[0]!);
  const { dtype } = b.type(difference);
  const distance = b.unary("Abs", difference);
  const change = b.cast(b.sub(asFloat(b, c.y[0]!), asFloat(b, c.y0[0]!)), dtype);
  const moved = b.add(take(distance, true), take(distance, false));
  const none = stands(b, moved);
  const part = b.where(none, b.scalar(0, moved), b.div(b.mul(b.cast(c.dy[0]!, dtype), change), b.where(none, b.scalar(1, moved), moved)));
  const placed = b.mul(b.add(put(part, true), put(part, false)), b.unary("Sign", difference));
  return b.where(stands(b, difference), still, placed);
}

/** Gather and its relatives. Positions that are the same (by name) in both leave the operator linear. */
const gathering = multiplier((c) => {
  const { b, node } = c;
  if (!moves(c, 1) || !c.needs(0)) return c.gradient();
  const read = (from: string, indices: string): string =>
    b.emit(node.op, [from, indices], { dtype: b.type(from).dtype, dims: b.dims(c.y[0]!) }, node.attributes);
  const found = shared(c, {
    take: (from, atSample) => read(from, atSample ? c.x[1]! : c.x0[1]!),
    put: (values, atSample) => present(c.gradient({ dy: [values], ...(atSample ? {} : { x: c.x0, y: c.y0 }) })[0], "a gradient"),
    still: present(c.gradient()[0], "a gradient"),
  });
  return [found, null];
});

/** The k largest or smallest values along an axis, in order. */
const ranking = multiplier((c) => {
  const { b } = c;
  if (c.dy[0] === "") return [null, null];
  const axis = normalAxis(c.a.int("axis", -1), b.rank(c.x[0]!));
  const put = (values: string, atSample: boolean): string =>
    present(c.gradient({ dy: [values, ""], ...(atSample ? {} : { x: c.x0, y: c.y0 }) })[0], "a gradient");
  const take = (from: string, atSample: boolean): string =>
    b.emit("GatherElements", [from, present(atSample ? c.y[1] : c.y0[1], "indices")], { dtype: b.type(from).dtype, dims: b.dims(c.y[0]!) }, { axis });
  return [shared(c, { take, put, still: put(c.dy[0]!, true) }), null];
});

/** ArgMax and ArgMin as numbers: their change belongs to the two places between which they moved. */
const place = multiplier((c) => {
  const { b, a } = c;
  const dims = b.dims(c.x[0]!);
  const axis = normalAxis(a.int("axis", 0), dims.length);
  const kept = a.int("keepdims", 1) === 1;
  const restored = (value: string): string => (kept ? value : b.unsqueeze(value, [axis]));
  const chosen = (atSample: boolean): string => {
    const size = present(dims[axis], "a known size of the searched axis");
    const positions = b.constant(
      "int64",
      dims.map((_, i) => (i === axis ? size : 1)),
      range(size),
    );
    return b.cast(b.compare("Equal", restored(atSample ? c.y[0]! : c.y0[0]!), positions), b.type(c.x[0]!).dtype);
  };
  const masks = [chosen(true), chosen(false)];
  const mask = (atSample: boolean): string => masks[atSample ? 0 : 1]!;
  return [
    shared(c, {
      take: (from, atSample) => b.reduce("ReduceSum", b.mul(from, mask(atSample)), [axis], kept),
      put: (values, atSample) => b.mul(restored(values), mask(atSample)),
      still: b.scalar(0, c.x[0]!),
    }),
  ];
});

/** OneHot: linear in its two values; where its index moved, the change over the index's. */
const oneHot = multiplier((c) => {
  const { b } = c;
  if (!moves(c, 0)) return c.gradient();
  const asked = c.a.int("axis", -1);
  const axis = asked < 0 ? asked + b.rank(c.y[0]!) : asked;
  const change = b.sum(b.mul(c.dy[0]!, b.sub(c.y[0]!, c.y0[0]!)), [axis], false);
  return [c.needs(0) ? overIndex(b, b.cast(change, "float32"), c.x[0]!, c.x0[0]!) : null, null, null];
});

function overIndex(b: Builder, change: string, index: string, index0: string): string {
  const difference = b.sub(b.cast(index, "float32"), b.cast(index0, "float32"));
  const none = stands(b, difference);
  return b.where(none, b.scalar(0, difference), b.div(change, b.where(none, b.scalar(1, difference), difference)));
}

export const positionSecants: SecantFamily = {
  Gather: gathering,
  GatherElements: gathering,
  GatherND: gathering,
  TopK: ranking,
  ArgMax: place,
  ArgMin: place,
  OneHot: oneHot,
};
