import { present } from "../../base/assert.js";
import { rule, type RuleContext, type RuleFamily } from "../rule.js";
import { floatConstant } from "./axes.js";
import { axesFrom, channelAxes, normalized, normalizedVjp, perChannel, type Normalized } from "./normalize.js";

/** Normalisation over statistics of the sample, each with the formula of `normalizedVjp`; and batch normalisation, which is affine at inference. */
export const normalization: RuleFamily = {
  BatchNormalization: rule((c) => (c.a.int("training_mode", 0) === 1 ? overAxes(c, channelAxes(c.b.rank(c.x[0]!), true)) : batchNormalization(c))),
  InstanceNormalization: rule((c) => overAxes(c, channelAxes(c.b.rank(c.x[0]!), false))),
  GroupNormalization: rule(groupNormalization),
  LayerNormalization: rule((c) => layerNormalization(c, true)),
  RMSNormalization: rule((c) => layerNormalization(c, false)),
  SimplifiedLayerNormalization: rule((c) => layerNormalization(c, false)),
  "com.microsoft:SkipLayerNormalization": rule((c) => skipLayerNormalization(c, true)),
  "com.microsoft:SkipSimplifiedLayerNormalization": rule((c) => skipLayerNormalization(c, false)),
  MeanVarianceNormalization: rule(meanVariance),
  LpNormalization: rule(lpNormalization),
  LRN: rule(localResponse),
};

/** Inference: an affine map a channel, y = (x − mean)·scale/√(var + ε) + bias. */
function batchNormalization({ b, a, x, dy, needs }: RuleContext): (string | null)[] {
  const [value, scale, , mean, variance] = x as readonly [string, string, string, string, string];
  const rank = b.rank(value);
  const d = dy[0]!;
  const inverse = b.unary("Reciprocal", b.unary("Sqrt", b.shift(variance, a.float("epsilon", 1e-5))));
  const factor = b.mul(scale, inverse);
  const total = (t: string): string => b.sum(t, channelAxes(rank, true), false);
  const along = (): string => total(b.mul(d, b.sub(value, perChannel(b, mean, rank))));
  return [
    needs(0) ? b.mul(d, perChannel(b, factor, rank)) : null,
    needs(1) ? b.mul(along(), inverse) : null,
    needs(2) ? total(d) : null,
    needs(3) ? b.neg(b.mul(total(d), factor)) : null,
    needs(4) ? b.scale(b.mul(along(), b.mul(factor, b.mul(inverse, inverse))), -0.5) : null,
  ];
}

/** Scale and bias hold a number a channel; statistics over `axes` of the sample itself. */
function overAxes(c: RuleContext, axes: readonly number[]): (string | null)[] {
  const { b, a, x, dy } = c;
  const rank = b.rank(x[0]!);
  const n = normalized(b, x[0]!, axes, a.float("epsilon", 1e-5), true);
  return [normalizedVjp(b, n, b.mul(dy[0]!, perChannel(b, x[1]!, rank)), axes), ...channelCotangents(c, n.value)];
}

/** Cotangents of scale and bias, one number a channel. */
function channelCotangents({ b, x, dy, needs }: RuleContext, value: string): (string | null)[] {
  const axes = channelAxes(b.rank(x[0]!), true);
  return [needs(1) ? b.sum(b.mul(dy[0]!, value), axes, false) : null, needs(2) ? b.sum(dy[0]!, axes, false) : null];
}

/** Groups of channels are normalised together; scale and bias hold a number a channel (the form from opset 21 on). */
function groupNormalization(c: RuleContext): (string | null)[] {
  const { b, a, x, dy, needs } = c;
  const dims = b.dims(x[0]!);
  const groups = a.int("num_groups", 1);
  const [batch, channels] = [dims[0] ?? null, present(dims[1], "a known number of channels")];
  const apart = [batch, groups, channels / groups, ...dims.slice(2)];
  const axes = apart.map((_, i) => i).slice(2);
  const n = normalized(b, b.reshape(x[0]!, apart), axes, a.float("epsilon", 1e-5), true);
  const scale = b.reshape(x[1]!, [groups, channels / groups, ...dims.slice(2).map(() => 1)]);
  const d = b.reshape(dy[0]!, apart);
  const total = (t: string): string => b.reshape(b.sum(t, [0, ...axes.slice(1)], false), [channels]);
  return [
    needs(0) ? b.reshape(normalizedVjp(b, n, b.mul(d, scale), axes), dims) : null,
    needs(1) ? total(b.mul(d, n.value)) : null,
    needs(2) ? total(d) : null,
  ];
}

/** LayerNormalization, and without centring RMSNormalization. The reciprocal deviation is the saved output where there is one. */
function layerNormalization(c: RuleContext, centred: boolean): (string | null)[] {
  const { b, a, x, y, dy, needs } = c;
  const axes = axesFrom(a.int("axis", -1), b.rank(x[0]!));
  const saved = centred ? { mean: y[1] ?? "", inverse: y[2] ?? "" } : { mean: "", inverse: y[1] ?? "" };
  const n = normalized(b, x[0]!, axes, a.float("epsilon", 1e-5), centred, saved);
  let dx: string | null = null;
  const join = (part: string): void => {
    dx = dx === null ? part : b.add(dx, part);
  };
  if (dy[0] !== "") join(normalizedVjp(b, n, b.mul(dy[0]!, x[1]!), axes));
  for (const [i, d] of dy.entries()) if (i > 0 && d !== "") join(statisticVjp(c, n, axes, d, centred && i === 1));
  return [dx, dy[0] !== "" && needs(1) ? b.mul(dy[0]!, n.value) : null, dy[0] !== "" && needs(2) ? dy[0]! : null];
}

/** The cotangent of x behind the output Mean (1/N each) or InvStdDev (−x̂·r²/N). */
function statisticVjp({ b, x }: RuleContext, n: Normalized, axes: readonly number[], d: string, ofMean: boolean): string {
  const cotangent = b.cast(d, b.type(x[0]!).dtype);
  const count = axes.reduce((product, axis) => product * present(b.dims(x[0]!)[axis], "a known size of a normalised axis"), 1);
  if (ofMean) return b.scale(b.expandLike(cotangent, x[0]!), 1 / count);
  return b.scale(b.mul(n.value, b.mul(cotangent, b.mul(n.inverse, n.inverse))), -1 / count);
}

/** The sum of input, skip and bias, normalised; the sum itself is the fourth output. */
function skipLayerNormalization(c: RuleContext, centred: boolean): (string | null)[] {
  const { b, a, x, y, dy, needs } = c;
  const bias = x[centred ? 4 : 3] ?? "";
  let sum = y[3] ?? "";
  if (sum === "") {
    sum = b.add(x[0]!, x[1]!);
    if (bias !== "") sum = b.add(sum, bias);
  }
  const axes = [b.rank(sum) - 1];
  const n = normalized(b, sum, axes, a.float("epsilon", 1e-12), centred);
  const parts = [dy[0] === "" ? "" : normalizedVjp(b, n, b.mul(dy[0]!, x[2]!), axes), dy[3] ?? ""].filter((part) => part !== "");
  const dx = parts.length === 0 ? null : parts.reduce((p, q) => b.add(p, q));
  const gamma = dy[0] !== "" && needs(2) ? b.mul(dy[0]!, n.value) : null;
  const beta = dy[0] === "" ? null : dy[0]!;
  return [dx, dx, gamma, ...(centred ? [beta] : []), bias === "" ? null : dx];
}

/** y = (x − μ)/(σ + 1e-9), so the deviation's part has the factor (σ + 1e-9)/σ, and none where σ = 0. */
function meanVariance({ b, a, x, y, dy }: RuleContext): string[] {
  const axes = a.ints("axes") ?? [0, 2, 3];
  const centred = b.sub(x[0]!, b.mean(x[0]!, axes));
  const deviation = b.unary("Sqrt", b.mean(b.mul(centred, centred), axes));
  const divisor = b.shift(deviation, 1e-9);
  const flat = b.compare("Equal", deviation, b.scalar(0, deviation));
  const ratio = b.where(flat, b.scalar(0, deviation), b.div(divisor, b.where(flat, b.scalar(1, deviation), deviation)));
  const along = b.mul(b.mean(b.mul(dy[0]!, y[0]!), axes), ratio);
  return [b.div(b.sub(b.sub(dy[0]!, b.mean(dy[0]!, axes)), b.mul(y[0]!, along)), divisor)];
}

/** (dy − y·Σ dy·y)/‖x‖₂ or (dy − sign(x)·Σ dy·y)/‖x‖₁; nothing flows at the origin, where y is 0 by definition. */
function lpNormalization({ b, a, x, y, dy }: RuleContext): string[] {
  const axis = [a.int("axis", -1)];
  const p = a.int("p", 2);
  const total = b.sum(p === 2 ? b.mul(x[0]!, x[0]!) : b.unary("Abs", x[0]!), axis);
  const norm = p === 2 ? b.unary("Sqrt", total) : total;
  const none = b.compare("Equal", norm, b.scalar(0, norm));
  const inverse = b.where(none, b.scalar(0, norm), b.unary("Reciprocal", b.where(none, b.scalar(1, norm), norm)));
  const along = b.mul(p === 2 ? y[0]! : b.unary("Sign", x[0]!), b.sum(b.mul(dy[0]!, y[0]!), axis));
  return [b.mul(b.sub(dy[0]!, along), inverse)];
}

/** y = x·s^(−β) with s = bias + α/size·Σ x² over a window of channels: dx = dy·s^(−β) − 2αβ/size·x·Σ' dy·y/s, Σ' over the mirrored window. */
function localResponse({ b, a, x, y, dy }: RuleContext): string[] {
  const dims = b.dims(x[0]!);
  const channels = present(dims[1], "a known number of channels");
  const size = a.int("size", 1);
  const [alpha, beta] = [a.float("alpha", 1e-4), a.float("beta", 0.75)];
  const flat = [dims[0] ?? null, channels, dims.slice(2).reduce<number>((n, d) => n * present(d, "a known size of the image"), 1)];
  const below = Math.floor((size - 1) / 2);
  const window = (mirrored: boolean): string => {
    const values = Array.from({ length: channels * channels }, (_, k) => {
      const [i, j] = [Math.floor(k / channels), k % channels];
      const offset = mirrored ? i - j : j - i;
      return offset >= -below && offset <= size - 1 - below ? 1 : 0;
    });
    return floatConstant(b, b.type(x[0]!).dtype, [channels, channels], values);
  };
  const summed = (t: string, mirrored: boolean): string => b.reshape(b.matmul(window(mirrored), b.reshape(t, flat)), dims);
  const s = b.shift(b.scale(summed(b.mul(x[0]!, x[0]!), false), alpha / size), a.float("bias", 1));
  const back = summed(b.mul(dy[0]!, b.div(y[0]!, s)), true);
  return [b.sub(b.mul(dy[0]!, b.pow(s, b.scalar(-beta, s))), b.scale(b.mul(x[0]!, back), (2 * alpha * beta) / size))];
}
