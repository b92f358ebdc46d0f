import { present } from "../../base/assert.js";
import type { Builder } from "../../graph/builder.js";
import { isFloat } from "../../tensor/dtype.js";
import { multiplier, type SecantContext, type SecantState } from "./rule.js";

/** The points and equal weights of the two-point Gauss–Legendre rule on [0, 1]. */
const gaussPoints = [0.5 - Math.sqrt(3) / 6, 0.5 + Math.sqrt(3) / 6];

/** A value as a float: integers and truths as float32. */
export function asFloat(b: Builder, value: string): string {
  return isFloat(b.type(value).dtype) ? value : b.cast(value, "float32");
}

/** Where |difference| is so small that the gradient at the sample is taken, as in Captum (half precision has no such numbers). */
export function stands(b: Builder, difference: string): string {
  const least = b.scalar(b.type(difference).dtype === "float16" ? 1e-6 : 1e-10, difference);
  return b.compare("LessOrEqual", b.unary("Abs", difference), least);
}

/** numerator / difference, and `still` where `none` holds. */
export function quotient(b: Builder, numerator: string, difference: string, none: string, still: string): string {
  return b.where(none, still, b.div(numerator, b.where(none, b.scalar(1, difference), difference)));
}

/** dy·(y − y₀)/(x − x₀) in the first input, which alone may move; `near` says where something better is known, which `there` computes. */
function alongChord(c: SecantContext, near: (difference: string) => string, there: () => string): string {
  const { b } = c;
  const difference = b.sub(asFloat(b, c.x[0]!), asFloat(b, c.x0[0]!));
  const rise = b.sub(asFloat(b, c.y[0]!), asFloat(b, c.y0[0]!));
  const none = near(difference);
  const slope = quotient(b, b.cast(rise, b.type(difference).dtype), difference, none, b.scalar(0, difference));
  return b.where(none, there(), b.mul(b.cast(c.dy[0]!, b.type(difference).dtype), slope));
}

/** The chord of a piecewise linear function: its differences have no rounding to speak of. At a still input the gradient at the sample. */
export const chord: SecantState = multiplier((c) => [
  alongChord(
    c,
    (d) => stands(c.b, d),
    () => c.gradient()[0] ?? c.b.scalar(0, c.dy[0]!),
  ),
]);

/** The chord of a step function, whose derivative is 0: at a still input no multiplier. */
export const step: SecantState = multiplier((c) => [
  alongChord(
    c,
    (d) => stands(c.b, d),
    () => c.b.scalar(0, asFloat(c.b, c.x[0]!)),
  ),
]);

/**
 * The chord of a smooth function. Where x and x₀ are close, y − y₀ has lost its digits; there the mean derivative between them by two Gauss points, whose error is
 * (x − x₀)⁴/4320 of the fifth derivative. `near` is that closeness: a tenth of the scale on which the function bends.
 */
function smooth(near: (c: SecantContext, difference: string) => string): SecantState {
  return multiplier((c) => [
    alongChord(
      c,
      (d) => near(c, d),
      () => meanDerivative(c),
    ),
  ]);
}

function meanDerivative(c: SecantContext): string {
  const { b, node } = c;
  const [x, x0] = [c.x[0]!, c.x0[0]!];
  const difference = b.sub(x, x0);
  const half = b.scale(c.dy[0]!, 0.5);
  const parts = gaussPoints.map((t) => {
    const inputs = [b.add(x0, b.scale(difference, t)), ...c.x.slice(1)];
    const y = b.emit(node.op, inputs, b.type(c.y[0]!), node.attributes, node.domain);
    return present(c.gradient({ x: inputs, y: [y], dy: [half] })[0], "a derivative");
  });
  return parts.reduce((sum, part) => b.add(sum, part));
}

/** Functions that bend on the scale 1. */
export const unitScale = smooth(({ b }, d) => b.compare("Less", b.unary("Abs", d), b.scalar(0.1, d)));

/** Functions that bend on the scale of x itself (powers, the logarithm); never across 0. */
export const ownScale = smooth((c, d) => isRelativelySmall(c.b, d, c.x[0]!, c.x0[0]!));

/** Functions that bend on the scale 1 on both sides of a kink at 0. */
export const kinkAtZero = smooth(({ b, x, x0 }, d) => {
  const oneSide = b.compare("Greater", b.mul(x[0]!, x0[0]!), b.scalar(0, d));
  return b.compare("Or", stands(b, d), b.compare("And", oneSide, b.compare("Less", b.unary("Abs", d), b.scalar(0.1, d))));
});

export function isRelativelySmall(b: Builder, difference: string, x: string, x0: string): string {
  return b.compare("LessOrEqual", b.unary("Abs", difference), b.scale(b.unary("Abs", b.add(x, x0)), 0.05));
}
