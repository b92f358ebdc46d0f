import { ExplainError } from "../../base/diagnostic.js";
import type { Builder } from "../../graph/builder.js";
import type { ValueType } from "../../graph/ir.js";
import { isFloat } from "../../tensor/dtype.js";
import { sizeOf } from "../../tensor/tensor.js";

/** What a compiled explanation explains: one element for every row, or each row's own prediction. Positions are flat, behind the batch axis. */
export interface TargetChoice {
  readonly value: string;
  /** The element, or what was predicted among `from … from + count`. */
  readonly element: number | { readonly from: number; readonly count: number };
  /** Explains the target minus this element. */
  readonly versus?: number;
}

/** The target's one-hot weights in a graph, and its flat position, [R]. */
export interface TargetSeed {
  readonly seed: string;
  readonly index: string;
}

/**
 * Weights over the elements of the target's value: +1 at the target, −1 at what it is held against.
 * @param like the value itself, at the sample
 * @param scores the value that tells what is predicted, of the same size
 */
export function targetSeed(b: Builder, choice: TargetChoice, type: ValueType, rows: boolean, like: string, scores: string): TargetSeed {
  if (!isFloat(type.dtype))
    throw new ExplainError("UNKNOWN_TARGET", `The value "${choice.value}" holds ${type.dtype}; only numbers with a gradient can be explained.`, {
      hint: "Choose the probabilities or logits.",
    });
  const behind = (rows ? type.dims.slice(1) : type.dims).map((d) => d ?? 1);
  const size = sizeOf(behind);
  const oneHot = (at: number): string =>
    b.constant(
      "float32",
      [1, size],
      Array.from({ length: size }, (_, i) => (i === at ? 1 : 0)),
    );
  const flat = (value: string, width: number): string => b.emit("Reshape", [value, b.ints([-1, width])], { dtype: b.type(value).dtype, dims: [null, width] });
  const index = chosen(b, choice, flat(scores, size), size);
  const own =
    typeof choice.element === "number"
      ? oneHot(choice.element)
      : b.emit("OneHot", [index, b.constant("int64", [], [size]), b.constant("float32", [2], [0, 1])], { dtype: "float32", dims: [null, size] }, { axis: -1 });
  const against = choice.versus === undefined ? own : b.sub(own, oneHot(choice.versus));
  const shape = b.emit("Shape", [like], { dtype: "int64", dims: [type.dims.length] });
  const every = b.emit("Expand", [against, b.emit("Shape", [flat(like, size)], { dtype: "int64", dims: [2] })], { dtype: "float32", dims: [null, size] });
  return { seed: b.emit("Reshape", [b.cast(every, type.dtype), shape], type), index };
}

function chosen(b: Builder, { element }: TargetChoice, scores: string, size: number): string {
  if (typeof element === "number") {
    const rows = b.emit("Shape", [scores], { dtype: "int64", dims: [2] });
    const count = b.emit("Gather", [rows, b.ints([0])], { dtype: "int64", dims: [1] }, { axis: 0 });
    return b.emit("Expand", [b.constant("int64", [1], [element]), count], { dtype: "int64", dims: [null] });
  }
  const { from, count } = element;
  const own = count === size ? scores : b.slice(scores, [1], [from], [from + count], [null, count]);
  const best = b.emit("ArgMax", [own], { dtype: "int64", dims: [null] }, { axis: 1, keepdims: 0 });
  return from === 0 ? best : b.add(best, b.constant("int64", [], [from]));
}
