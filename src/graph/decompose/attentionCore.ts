import type { Builder } from "../builder.js";
import type { Dim } from "../ir.js";
import { lastDim } from "./fused.js";

/** What is added to a masked score where a file gives no value of its own: low enough for a softmax of exactly 0, finite so that differences of scores stay numbers. */
const masked = -3e38;

export interface AttentionParts {
  /** [B, heads, S, D] */
  readonly q: string;
  /** [B, kvHeads, T, D]; heads is a multiple of kvHeads. */
  readonly k: string;
  /** [B, kvHeads, T, Dv] */
  readonly v: string;
  /** Factor of the scores; 0 for 1/√D. */
  readonly scale: number;
  /** 0 for none. */
  readonly softcap: number;
  /** Added to the scores, each broadcast to [B, heads, S, T]; "" are ignored. */
  readonly biases: readonly string[];
  /** Bool masks outside of which a weight is exactly 0, also in rows that see nothing; each broadcast like the biases. */
  readonly allowed?: readonly string[];
}

/** What attention computes on its way to the result y [B, heads, S, Dv]: scores [B, heads, S, T], the same behind the softcap, with the biases, and the weights. */
export interface Attended {
  readonly y: string;
  readonly scores: string;
  readonly capped: string;
  readonly biased: string;
  readonly weights: string;
}

/** softmax(softcap(scale · q kᵀ) + biases) v. */
export function attend(b: Builder, p: AttentionParts): Attended {
  const heads = b.dims(p.q)[1] ?? null;
  const k = repeatHeads(b, p.k, heads);
  const scores = b.matmul(b.scale(p.q, p.scale === 0 ? 1 / Math.sqrt(lastDim(b, p.q)) : p.scale), b.transposeLast(k));
  const capped = p.softcap > 0 ? b.scale(b.unary("Tanh", b.scale(scores, 1 / p.softcap)), p.softcap) : scores;
  const biased = p.biases.filter((bias) => bias !== "").reduce((sum, bias) => b.add(sum, bias), capped);
  const soft = b.unary("Softmax", biased, { axis: -1 });
  const weights = (p.allowed ?? []).reduce((kept, mask) => b.where(mask, kept, b.scalar(0, kept)), soft);
  return { y: b.matmul(weights, repeatHeads(b, p.v, heads)), scores, capped, biased, weights };
}

/** Each key-value head serves several neighbouring query heads. */
function repeatHeads(b: Builder, x: string, heads: Dim): string {
  const [batch = null, own = null, length = null, size = null] = b.dims(x);
  if (heads === own || heads === null || own === null) return x;
  const times = heads / own;
  const column = b.unsqueeze(x, [2]);
  const wide = b.emit("Expand", [column, b.ints([1, 1, times, 1, 1])], { dtype: b.type(x).dtype, dims: [batch, own, times, length, size] });
  return b.reshape(wide, [batch, heads, length, size]);
}

/** [B, S, heads · D] as [B, heads, S, D]. */
export function splitHeads(b: Builder, x: string, heads: number): string {
  const [batch = null, length = null] = b.dims(x);
  return b.transpose(b.reshape(x, [batch, length, heads, lastDim(b, x) / heads]), [0, 2, 1, 3]);
}

/** [B, heads, S, D] as [B, S, heads · D]. */
export function joinHeads(b: Builder, x: string): string {
  const [batch = null, heads = null, length = null] = b.dims(x);
  return b.reshape(b.transpose(x, [0, 2, 1, 3]), [batch, length, (heads ?? 0) * lastDim(b, x)]);
}

/** The bias [S, T] that lets query i see the keys up to i + offset, the last `window` of them if that is positive. */
export function causalBias(b: Builder, like: string, length: number, total: number, offset: number, window = 0): string {
  const values = causalPattern(length, total, offset, window).map((seen) => (seen ? 0 : masked));
  return b.cast(b.constant("float32", [length, total], values), b.type(like).dtype);
}

/** The same as a bool mask. */
export function causalMask(b: Builder, length: number, total: number, offset: number): string {
  return b.constant("bool", [length, total], causalPattern(length, total, offset, 0).map(Number));
}

function causalPattern(length: number, total: number, offset: number, window: number): boolean[] {
  return Array.from({ length: length * total }, (_, at) => {
    const [i, j] = [Math.floor(at / total) + offset, at % total];
    return j <= i && (window <= 0 || j > i - window);
  });
}

/** 0 where a bool mask holds, `value` elsewhere. */
export function maskBias(b: Builder, mask: string, like: string, value = masked): string {
  return b.where(mask, b.scalar(0, like), b.scalar(value, like));
}

/** The bool mask [B, 1, 1, total] of the keys before each row's length [B]. */
export function lengthMask(b: Builder, lengths: string, total: number): string {
  const positions = b.constant(
    "int64",
    [total],
    Array.from({ length: total }, (_, i) => i),
  );
  return b.compare("Less", positions, b.unsqueeze(b.cast(lengths, "int64"), [1, 2, 3]));
}

/** The bool mask [B, 1, length, total] of causal queries that are the last of each row's keys [B]: query i sees the keys up to i + lengths − length. */
export function causalLengthMask(b: Builder, lengths: string, length: number, total: number): string {
  const distances = b.constant(
    "int64",
    [length, total],
    Array.from({ length: length * total }, (_, at) => (at % total) - Math.floor(at / total)),
  );
  return b.compare("LessOrEqual", distances, b.unsqueeze(b.shift(b.cast(lengths, "int64"), -length), [1, 2, 3]));
}

/** Keys or values seen before, in front of the new ones (axis 2). */
export function withPast(b: Builder, past: string, now: string): string {
  return past === "" || b.dims(past)[2] === 0 ? now : b.concat([past, now], 2);
}
