import type { Builder } from "../../graph/builder.js";

/** A value normalised over some axes: x̂ = (x − mean)·r with r = 1/√(variance + ε); without centring the mean is taken to be 0. */
export interface Normalized {
  readonly value: string;
  readonly inverse: string;
  readonly centred: boolean;
}

/** Emits the normalisation, from saved statistics where their names are given. */
export function normalized(
  b: Builder,
  x: string,
  axes: readonly number[],
  epsilon: number,
  centred: boolean,
  saved: { readonly mean: string; readonly inverse: string } = { mean: "", inverse: "" },
): Normalized {
  const { dtype } = b.type(x);
  const difference = centred ? b.sub(x, saved.mean === "" ? b.mean(x, axes) : b.cast(saved.mean, dtype)) : x;
  const inverse =
    saved.inverse === "" ? b.unary("Reciprocal", b.unary("Sqrt", b.shift(b.mean(b.mul(difference, difference), axes), epsilon))) : b.cast(saved.inverse, dtype);
  return { value: b.mul(difference, inverse), inverse, centred };
}

/**
 * From the cotangent d of x̂ that of x: r·(d − mean(d) − x̂·mean(d·x̂)), the second term only with centring.
 * Source: Ioffe & Szegedy, arXiv:1502.03167, section 3.
 */
export function normalizedVjp(b: Builder, { value, inverse, centred }: Normalized, d: string, axes: readonly number[]): string {
  const along = b.mul(value, b.mean(b.mul(d, value), axes));
  const rest = centred ? b.sub(d, b.mean(d, axes)) : d;
  return b.mul(b.sub(rest, along), inverse);
}

/** The spatial axes of [N, C, …], and the batch's if `withBatch`. */
export function channelAxes(rank: number, withBatch: boolean): number[] {
  return [...Array(rank).keys()].filter((axis) => axis > 1 || (withBatch && axis === 0));
}

/** All axes from `axis` on. */
export function axesFrom(axis: number, rank: number): number[] {
  return [...Array(rank).keys()].slice(axis < 0 ? axis + rank : axis);
}

/** One number a channel, shaped to broadcast against [N, C, …]. */
export function perChannel(b: Builder, value: string, rank: number): string {
  return b.reshape(value, [b.dims(value)[0] ?? null, ...Array<number>(Math.max(0, rank - 2)).fill(1)]);
}
