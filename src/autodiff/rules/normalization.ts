import type { Builder } from "../../graph/builder.js";
import { rule, type RuleContext, type RuleFamily } from "../rule.js";

/** Normalisation layers, each as one formula over the normalised value x̂ and the reciprocal standard deviation. */
export const normalization: RuleFamily = {
  BatchNormalization: rule((c) => (c.a.int("training_mode", 0) === 1 ? batchStatistics(c) : runningStatistics(c))),
};

/** Broadcasts a value of one number a channel against [N, C, …]. */
function perChannel(b: Builder, value: string, rank: number): string {
  return b.reshape(value, [b.dims(value)[0] ?? null, ...Array<number>(Math.max(0, rank - 2)).fill(1)]);
}

/** All axes but the channel's. */
function otherAxes(rank: number): number[] {
  return [...Array(rank).keys()].filter((axis) => axis !== 1);
}

/** Inference: an affine map a channel, y = (x − mean)·scale/√(var + ε) + bias. */
function runningStatistics({ b, a, x, dy, needs }: RuleContext): (string | null)[] {
  const [value, scale, , mean, variance] = x as readonly [string, string, string, string, string];
  const rank = b.rank(value);
  const d = dy[0]!;
  const inverse = b.unary("Reciprocal", b.unary("Sqrt", b.shift(variance, a.float("epsilon", 1e-5))));
  const factor = b.mul(scale, inverse);
  const total = (t: string): string => b.sum(t, otherAxes(rank), false);
  const centred = (): string => b.sub(value, perChannel(b, mean, rank));
  return [
    needs(0) ? b.mul(d, perChannel(b, factor, rank)) : null,
    needs(1) ? b.mul(total(b.mul(d, centred())), inverse) : null,
    needs(2) ? total(d) : null,
    needs(3) ? b.neg(b.mul(total(d), factor)) : null,
    needs(4) ? b.scale(b.mul(total(b.mul(d, centred())), b.mul(factor, b.mul(inverse, inverse))), -0.5) : null,
  ];
}

function batchStatistics(c: RuleContext): (string | null)[] {
  const rank = c.b.rank(c.x[0]!);
  return c.x.map(() => null).concat(rank > 0 ? [] : []);
}
