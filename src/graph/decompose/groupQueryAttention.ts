import { attend, causalBias, joinHeads, splitHeads } from "./attentionCore.js";
import { lastDim, type Decomposition } from "./fused.js";
import { rotate } from "./rotary.js";

/**
 * GroupQueryAttention of com.microsoft on a whole prompt (an empty cache): causal, with fewer key-value heads than query heads, perhaps turned by position.
 * Source: ContribOperators.md#com.microsoft.GroupQueryAttention
 */
export const groupQueryAttention: Decomposition = (f) => {
  const { b } = f;
  if (f.has(3) && b.dims(f.input(3))[2] !== 0) return { reason: "it continues from a cache" };
  if ([11, 12, 13].some((i) => f.has(i)) || f.int("smooth_softmax", 0) > 0) return { reason: "attention sinks and quantised caches are not supported" };
  const [batch = null, length = null] = b.dims(f.input(0));
  if (length === null) return { reason: "its sequence length follows the batch" };
  const heads = f.int("num_heads", 1);
  const kvHeads = f.int("kv_num_heads", heads);
  const packed = !f.has(1);
  const head = lastDim(b, f.input(0)) / (packed ? heads + 2 * kvHeads : heads);
  const sizes = [heads * head, kvHeads * head, kvHeads * head];
  const [q0 = "", k0 = "", v0 = ""] = packed
    ? b.emitMany(
        "Split",
        [f.input(0), b.ints(sizes)],
        sizes.map((n) => ({ dtype: b.type(f.input(0)).dtype, dims: [batch, length, n] })),
        { axis: 2 },
      )
    : f.node.inputs;
  const turn = (x: string): string => {
    if (f.int("do_rotary", 0) !== 1) return x;
    const half = (cache: string): string => b.slice(cache, [0], [0], [length], [length, lastDim(b, cache)]);
    const cos = f.input(7);
    return rotate(b, x, { cos: half(cos), sin: half(f.input(8)), interleaved: f.int("rotary_interleaved", 0) === 1, dim: lastDim(b, cos) * 2 });
  };
  if (f.has(9)) return { reason: "position ids of its own are not supported" };
  const q = turn(splitHeads(b, q0, heads));
  const k = turn(splitHeads(b, k0, kvHeads));
  const v = splitHeads(b, v0, kvHeads);
  const window = f.int("local_window_size", -1);
  const { y } = attend(b, {
    q,
    k,
    v,
    scale: f.float("scale", 0),
    softcap: f.float("softcap", 0),
    biases: [f.input(10), causalBias(b, q, length, length, 0, window)],
  });
  return [joinHeads(b, y), k, v];
};
