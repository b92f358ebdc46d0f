import type { Builder } from "../builder.js";
import { lastDim, type Decomposition } from "./fused.js";

/** How positions become angles, and which part of a head is turned. */
export interface Rotation {
  /** Per position, broadcast against the halves of x: [batch or 1, …, sequence, …, dim / 2]. */
  readonly cos: string;
  readonly sin: string;
  readonly interleaved: boolean;
  /** Elements of a head that are turned; 0 for all. */
  readonly dim: number;
}

/** x [..., head] with its pairs turned: (x₁ cos − x₂ sin, x₁ sin + x₂ cos). */
export function rotate(b: Builder, x: string, r: Rotation): string {
  const head = lastDim(b, x);
  const axis = b.rank(x) - 1;
  const dims = b.dims(x);
  const dim = r.dim === 0 ? head : r.dim;
  const upTo = (n: number) => [...dims.slice(0, -1), n];
  const part = (from: number, to: number, step = 1): string => b.slice(x, [axis], [from], [to], upTo(Math.ceil((to - from) / step)), [step]);
  const [first, second] = r.interleaved ? [part(0, dim, 2), part(1, dim, 2)] : [part(0, dim / 2), part(dim / 2, dim)];
  const real = b.sub(b.mul(first, r.cos), b.mul(second, r.sin));
  const imaginary = b.add(b.mul(first, r.sin), b.mul(second, r.cos));
  const turned = r.interleaved
    ? b.reshapeLike(b.concat([b.unsqueeze(real, [axis + 1]), b.unsqueeze(imaginary, [axis + 1])], axis + 1), dim === head ? x : part(0, dim))
    : b.concat([real, imaginary], axis);
  return dim === head ? turned : b.concat([turned, part(dim, head)], axis);
}

/** Rows of a cache [positions, half] for position ids [batch, sequence]. */
function angles(b: Builder, cache: string, ids: string): string {
  return b.emit("Gather", [cache, ids], { dtype: b.type(cache).dtype, dims: [...b.dims(ids), lastDim(b, cache)] }, { axis: 0 });
}

/** RotaryEmbedding with inputs x, cos, sin and position ids (or "" when the caches hold a row per token). x is [B, S, heads · head] or [B, heads, S, head]. */
export function rotaryEmbedding(order: { readonly cos: number; readonly sin: number; readonly ids: number }): Decomposition {
  return (f) => {
    const { b } = f;
    const x = f.input(0);
    const cosCache = f.input(order.cos);
    const [batch = null, second = null, third = null] = b.dims(x);
    const length = b.rank(x) === 4 ? third : second;
    if (length === null) return { reason: "its sequence length follows the batch" };
    if (f.float("scale", 1) !== 1 || f.int("is_packed_batching", 0) !== 0) return { reason: "scaled and packed forms are not supported" };
    const dim = f.int("rotary_embedding_dim", 0);
    let ids = f.input(order.ids);
    // One id is the position of the first token.
    if (ids !== "" && b.rank(ids) === 1)
      ids = b.unsqueeze(
        b.add(
          ids,
          b.constant(
            "int64",
            [length],
            Array.from({ length }, (_, i) => i),
          ),
        ),
        [0],
      );
    const row = (cache: string): string => (ids === "" ? cache : angles(b, cache, ids));
    const headsAxis = b.rank(x) === 4 ? 1 : 2;
    const rotation: Rotation = {
      cos: b.unsqueeze(row(cosCache), [headsAxis]),
      sin: b.unsqueeze(row(f.input(order.sin)), [headsAxis]),
      interleaved: f.int("interleaved", 0) === 1,
      dim,
    };
    if (b.rank(x) === 4) return [rotate(b, x, rotation)];
    const heads = f.int("num_heads", 0);
    const head = heads > 0 ? lastDim(b, x) / heads : lastDim(b, cosCache) * 2;
    const split = b.reshape(x, [batch, length, lastDim(b, x) / head, head]);
    return [b.reshape(rotate(b, split, rotation), b.dims(x))];
  };
}
