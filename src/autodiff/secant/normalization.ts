import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import { floatConstant } from "../rules/axes.js";
import { axesFrom, channelAxes, perChannel } from "../rules/normalize.js";
import { composition } from "./compose.js";
import type { SecantContext, SecantFamily } from "./rule.js";

/** Normalisations, as quotients of what they are made of; scale and bias may move too. */
export const normalizationSecants: SecantFamily = {
  BatchNormalization: composition((c, [x, scale, bias, mean, variance]) => {
    const { b, a } = c;
    const rank = b.rank(x!);
    const epsilon = a.float("epsilon", 1e-5);
    if (a.int("training_mode", 0) === 1) return overChannels(c, standardized(b, x!, channelAxes(rank, true), epsilon), scale!, bias!);
    // At inference an affine map: one factor a channel.
    const deviation = b.unary("Sqrt", b.shift(variance!, epsilon));
    const factor = perChannel(b, b.div(scale!, deviation), rank);
    return b.add(b.mul(b.sub(x!, perChannel(b, mean!, rank)), factor), perChannel(b, bias!, rank));
  }),
  InstanceNormalization: composition((c, [x, scale, bias]) =>
    overChannels(c, standardized(c.b, x!, channelAxes(c.b.rank(x!), false), c.a.float("epsilon", 1e-5)), scale!, bias!),
  ),
  GroupNormalization: composition((c, [x, scale, bias]) => {
    const { b, a } = c;
    const dims = b.dims(x!);
    const groups = a.int("num_groups", 1);
    const channels = present(dims[1], "a known number of channels");
    const apart = [dims[0] ?? null, groups, channels / groups, ...dims.slice(2)];
    const value = standardized(b, b.reshape(x!, apart), [...apart.keys()].slice(2), a.float("epsilon", 1e-5));
    return overChannels(c, b.reshape(value, dims), scale!, bias!);
  }),
  LayerNormalization: composition((c, [x, scale, bias = ""]) => {
    const [value, ...statistics] = layerNormalized(c, x!, scale!, true);
    return [bias === "" ? value! : c.b.add(value!, bias), ...statistics];
  }),
  RMSNormalization: composition((c, [x, scale]) => layerNormalized(c, x!, scale!, false)),
  SimplifiedLayerNormalization: composition((c, [x, scale]) => layerNormalized(c, x!, scale!, false)),
  "com.microsoft:SkipLayerNormalization": composition((c, [x, skip, scale, shift = "", bias = ""]) => {
    const [value, ...statistics] = skipNormalized(c, x!, skip!, bias, scale!, true);
    return [shift === "" ? value! : c.b.add(value!, shift), ...statistics];
  }),
  "com.microsoft:SkipSimplifiedLayerNormalization": composition((c, [x, skip, scale, bias = ""]) => skipNormalized(c, x!, skip!, bias, scale!, false)),
  MeanVarianceNormalization: composition(({ b, a }, [x]) => {
    const axes = a.ints("axes") ?? [0, 2, 3];
    const centred = b.sub(x!, b.mean(x!, axes));
    return b.div(centred, b.shift(b.unary("Sqrt", b.mean(b.mul(centred, centred), axes)), 1e-9));
  }),
  LpNormalization: composition(({ b, a }, [x]) => {
    const axis = [a.int("axis", -1)];
    const norm = a.int("p", 2) === 2 ? b.unary("Sqrt", b.sum(b.mul(x!, x!), axis)) : b.sum(b.unary("Abs", x!), axis);
    return b.div(x!, orOne(b, norm));
  }),
  LRN: composition(localResponse),
};

/** The divisor with 1 in the place of 0. */
export function orOne(b: Builder, divisor: string): string {
  return b.where(b.compare("Equal", divisor, b.scalar(0, divisor)), b.scalar(1, divisor), divisor);
}

function standardized(b: Builder, x: string, axes: readonly number[], epsilon: number): string {
  const centred = b.sub(x, b.mean(x, axes));
  return b.div(centred, b.unary("Sqrt", b.shift(b.mean(b.mul(centred, centred), axes), epsilon)));
}

function overChannels({ b }: SecantContext, value: string, scale: string, bias: string): string {
  const rank = b.rank(value);
  return b.add(b.mul(value, perChannel(b, scale, rank)), perChannel(b, bias, rank));
}

/** The scaled value, the mean (if centred) and the reciprocal deviation, as the operators give them. */
function layerNormalized({ b, a }: SecantContext, x: string, scale: string, centred: boolean): string[] {
  const axes = axesFrom(a.int("axis", -1), b.rank(x));
  return normalizedOver(b, x, scale, axes, a.float("epsilon", 1e-5), centred);
}

function normalizedOver(b: Builder, x: string, scale: string, axes: readonly number[], epsilon: number, centred: boolean): string[] {
  const mean = centred ? b.mean(x, axes) : "";
  const difference = centred ? b.sub(x, mean) : x;
  const deviation = b.unary("Sqrt", b.shift(b.mean(b.mul(difference, difference), axes), epsilon));
  return [b.mul(b.div(difference, deviation), scale), ...(centred ? [mean] : []), b.unary("Reciprocal", deviation)];
}

function skipNormalized({ b, a }: SecantContext, x: string, skip: string, bias: string, scale: string, centred: boolean): string[] {
  const joined = b.add(x, skip);
  const sum = bias === "" ? joined : b.add(joined, bias);
  const [value, ...statistics] = normalizedOver(b, sum, scale, [b.rank(sum) - 1], a.float("epsilon", 1e-12), centred);
  return [value!, ...(statistics.length === 2 ? statistics : ["", ...statistics]), sum];
}

/** x·(bias + α/size · Σ x² over a window of channels)^(−β) */
function localResponse({ b, a }: SecantContext, [x]: readonly string[]): string {
  const dims = b.dims(x!);
  const channels = present(dims[1], "a known number of channels");
  const size = a.int("size", 1);
  const below = Math.floor((size - 1) / 2);
  const band = Array.from({ length: channels * channels }, (_, k) => {
    const offset = (k % channels) - Math.floor(k / channels);
    return offset >= -below && offset <= size - 1 - below ? 1 : 0;
  });
  const flat = [dims[0] ?? null, channels, dims.slice(2).reduce<number>((n, d) => n * present(d, "a known size of the image"), 1)];
  const squares = b.reshape(b.mul(x!, x!), flat);
  const summed = b.reshape(b.matmul(floatConstant(b, b.type(x!).dtype, [channels, channels], band), squares), dims);
  const total = b.shift(b.scale(summed, a.float("alpha", 1e-4) / size), a.float("bias", 1));
  return b.mul(x!, b.pow(total, b.scalar(-a.float("beta", 0.75), total)));
}
