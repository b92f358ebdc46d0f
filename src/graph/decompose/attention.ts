import { attend, causalBias, causalLengthMask, causalMask, joinHeads, lengthMask, maskBias, splitHeads, withPast } from "./attentionCore.js";
import type { Decomposition, Fused } from "./fused.js";

/**
 * Attention of ai.onnx: q, k, v as [B, S, heads · D] or [B, heads, S, D], an additive or bool mask, a cache.
 * Source: https://onnx.ai/onnx/operators/onnx__Attention.html
 */
export const onnxAttention: Decomposition = (f) => {
  const { b } = f;
  const mode = f.int("qk_matmul_output_mode", 0);
  if (f.int("left_window_size", -1) >= 0 || f.int("right_window_size", -1) >= 0) return { reason: "sliding windows are not supported" };
  const flat = b.rank(f.input(0)) === 3;
  const heads = (i: number): string => (flat ? splitHeads(b, f.input(i), f.int(i === 0 ? "q_num_heads" : "kv_num_heads", 1)) : f.input(i));
  const q = heads(0);
  const k = withPast(b, f.input(4), heads(1));
  const v = withPast(b, f.input(5), heads(2));
  const length = b.dims(q)[2] ?? null;
  const total = b.dims(k)[2] ?? null;
  if (length === null || total === null) return { reason: "its sequence length follows the batch" };
  const causal = f.int("is_causal", 0) === 1;
  const mask = f.input(3);
  if (mask !== "" && b.dims(mask).at(-1) !== total && b.dims(mask).at(-1) !== 1) return { reason: "its mask is shorter than the keys" };
  const past = f.has(4) ? (b.dims(f.input(4))[2] ?? null) : 0;
  if (past === null) return { reason: "its cache follows the batch" };
  // A row that sees nothing gives zeros. Only a bool mask, alone or with a causal one, or a cache shorter than the sequence can make such rows.
  const bool = mask !== "" && b.type(mask).dtype === "bool";
  const padded = causal && f.has(6) ? causalLengthMask(b, f.input(6), length, total) : "";
  const { y, scores, capped, biased, weights } = attend(b, {
    q,
    k,
    v,
    allowed: [...(bool ? [mask, ...(causal && padded === "" ? [causalMask(b, length, total, past)] : [])] : []), ...(padded === "" ? [] : [padded])],
    scale: f.float("scale", 0),
    softcap: f.float("softcap", 0),
    biases: [
      mask === "" ? "" : bool ? maskBias(b, mask, q) : mask,
      causal && padded === "" ? causalBias(b, q, length, total, past) : "",
      padded === "" ? "" : maskBias(b, padded, q),
      f.has(6) ? maskBias(b, lengthMask(b, f.input(6), total), q) : "",
    ],
  });
  return [flat ? joinHeads(b, y) : y, k, v, [scores, capped, biased, weights][mode] ?? scores];
};

/** The bias of a com.microsoft mask: key lengths [B], or 0 and 1 as [B, T] or [B, S, T]; undefined for the other forms. */
function contribMask(f: Fused, i: number, like: string, total: number): string | undefined {
  const { b } = f;
  const mask = f.input(i);
  if (mask === "") return "";
  const value = f.float("mask_filter_value", -10000);
  const batch = b.dims(f.input(0))[0] ?? null;
  const bool = (): string => b.cast(mask, "bool");
  switch (b.rank(mask)) {
    case 1:
      return b.dims(mask)[0] === batch ? maskBias(b, lengthMask(b, mask, total), like, value) : undefined;
    case 2:
      return b.dims(mask)[1] === total ? maskBias(b, b.unsqueeze(bool(), [1, 2]), like, value) : undefined;
    case 3:
      return maskBias(b, b.unsqueeze(bool(), [1]), like, value);
    default:
      return undefined;
  }
}

/** Attention of com.microsoft: the projection of q, k and v is part of it. Source: ContribOperators.md#com.microsoft.Attention */
export const contribAttention: Decomposition = (f) => {
  const { b, node } = f;
  if (f.int("do_rotary", 0) === 1 || f.has(6)) return { reason: "rotary embedding and shared buffers are not supported" };
  const [batch = null, length = null] = b.dims(f.input(0));
  const width = b.dims(f.input(1))[1] ?? null;
  if (length === null || width === null) return { reason: "its sequence length follows the batch" };
  const given = node.attributes["qkv_hidden_sizes"];
  const sizes = given?.kind === "ints" ? given.value : [width / 3, width / 3, width / 3];
  const heads = f.int("num_heads", 1);
  const projected = b.matmul(f.input(0), f.input(1));
  const qkv = f.has(2) ? b.add(projected, f.input(2)) : projected;
  const [q0 = "", k0 = "", v0 = ""] = b.emitMany(
    "Split",
    [qkv, b.ints(sizes)],
    sizes.map((n) => ({ dtype: b.type(qkv).dtype, dims: [batch, length, n] })),
    { axis: 2 },
  );
  const past = f.input(4);
  const cached = (i: number): string => (past === "" ? "" : b.squeeze(b.slice(past, [0], [i], [i + 1], [1, ...b.dims(past).slice(1)]), [0]));
  const k = withPast(b, cached(0), splitHeads(b, k0, heads));
  const v = withPast(b, cached(1), splitHeads(b, v0, heads));
  const total = b.dims(k)[2] ?? null;
  if (total === null) return { reason: "its cache follows the batch" };
  const mask = contribMask(f, 3, qkv, total);
  if (mask === undefined) return { reason: `a mask of rank ${b.rank(f.input(3))} of this shape is not supported` };
  const causal = f.int("unidirectional", 0) === 1 ? causalBias(b, qkv, length, total, total - length) : "";
  const { y } = attend(b, { q: splitHeads(b, q0, heads), k, v, scale: f.float("scale", 0), softcap: 0, biases: [f.input(5), mask, causal] });
  return [joinHeads(b, y), f.wants(1) ? b.concat([b.unsqueeze(k, [0]), b.unsqueeze(v, [0])], 0) : ""];
};

/** MultiHeadAttention of com.microsoft, with q, k and v given, k and v perhaps as heads, or all packed. Source: ContribOperators.md#com.microsoft.MultiHeadAttention */
export const multiHeadAttention: Decomposition = (f) => {
  const { b } = f;
  if (f.has(8) || f.has(9)) return { reason: "shared buffers and beam search are not supported" };
  const heads = f.int("num_heads", 1);
  const parts = splitPacked(f, heads);
  if ("reason" in parts) return parts;
  const k = withPast(b, f.input(6), parts.k);
  const v = withPast(b, f.input(7), parts.v);
  const length = b.dims(parts.q)[2] ?? null;
  const total = b.dims(k)[2] ?? null;
  if (length === null || total === null) return { reason: "its sequence length follows the batch" };
  const mask = contribMask(f, 4, parts.q, total);
  if (mask === undefined) return { reason: `a mask of rank ${b.rank(f.input(4))} of this shape is not supported` };
  const causal = f.int("unidirectional", 0) === 1 ? causalBias(b, parts.q, length, total, total - length) : "";
  const { y } = attend(b, { q: parts.q, k, v, scale: f.float("scale", 0), softcap: 0, biases: [f.input(5), mask, causal] });
  return [joinHeads(b, y), k, v];
};

interface Heads {
  readonly q: string;
  readonly k: string;
  readonly v: string;
}

function splitPacked(f: Fused, heads: number): Heads | { readonly reason: string } {
  const { b } = f;
  const pick = (x: string, k: number): string => {
    const row = b.slice(
      x,
      [3],
      [k],
      [k + 1],
      b.dims(x).map((d, i) => (i === 3 ? 1 : d)),
    );
    return b.transpose(b.squeeze(row, [3]), [0, 2, 1, 3]);
  };
  const packedQuery = b.rank(f.input(0)) === 5;
  const packedKey = f.has(1) && b.rank(f.input(1)) === 5;
  if (f.has(3) && (packedQuery || packedKey)) return { reason: "a bias on packed inputs is not supported" };
  if (packedQuery) return { q: pick(f.input(0), 0), k: pick(f.input(0), 1), v: pick(f.input(0), 2) };
  let offset = 0;
  const biased = (x: string): string => {
    const width = b.dims(x)[2] ?? 0;
    const from = offset;
    offset += width;
    return f.has(3) ? b.add(x, b.slice(f.input(3), [0], [from], [from + width], [width])) : x;
  };
  const q = splitHeads(b, biased(f.input(0)), heads);
  if (packedKey) return { q, k: pick(f.input(1), 0), v: pick(f.input(1), 1) };
  if (!f.has(1) || !f.has(2)) return { reason: "it has a query but no key" };
  if (b.rank(f.input(1)) === 4) return { q, k: f.input(1), v: f.input(2) };
  return { q, k: splitHeads(b, biased(f.input(1)), heads), v: splitHeads(b, biased(f.input(2)), heads) };
}
