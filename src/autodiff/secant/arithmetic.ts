import { chord, ownScale, quotient, stands } from "./chord.js";
import { compose } from "./compose.js";
import { linear, moves, multiplier, type SecantContext, type SecantFamily } from "./rule.js";

/** Arithmetic of two values that is no product. */
export const arithmeticSecants: SecantFamily = {
  Div: multiplier(division),
  Pow: multiplier(power),
  // fmod is x₀ − x₁ · q with a whole q, whose change belongs to the dividend, or to the divisor where only that moves.
  Mod: multiplier(remainder),
  // max(x, 0) − slope · max(−x, 0) where the slope moves.
  PRelu: multiplier((c) => {
    if (!moves(c, 1)) return whole(chord, c);
    const { b } = c;
    return compose(c, pairs(c), ([x, slope]) => [b.sub(b.unary("Relu", x!), b.mul(slope!, b.unary("Relu", b.neg(x!))))]);
  }),
  "com.microsoft:BiasGelu": multiplier((c) => {
    const { b } = c;
    return compose(c, pairs(c), ([x, bias]) => [b.emit("Gelu", [b.add(x!, bias!)], b.type(c.y[0]!), {}, "com.microsoft")]);
  }),
  "com.microsoft:FastGelu": multiplier((c) => {
    const { b } = c;
    return compose(c, pairs(c), ([x, bias = ""]) => {
      const sum = bias === "" ? x! : b.add(x!, bias);
      const cube = b.mul(sum, b.mul(sum, sum));
      const tanh = b.unary("Tanh", b.scale(b.add(sum, b.scale(cube, 0.044715)), Math.sqrt(2 / Math.PI)));
      return [b.mul(b.scale(sum, 0.5), b.shift(tanh, 1))];
    });
  }),
  ...Object.fromEntries(["Add", "Sub", "Neg", "Sum", "Mean", "Identity", "Dropout"].map((op) => [op, linear])),
};

function pairs(c: SecantContext): (readonly [string, string])[] {
  return c.x.map((x, i) => [x, c.x0[i] ?? ""] as const);
}

function whole(state: typeof chord, c: SecantContext): readonly (string | null)[] {
  return state.state === "rule" ? state.multiply(c) : c.gradient();
}

/**
 * q = a/b is q·b = a, so by the product rule Δq = (Δa − ½(q + q₀)Δb) / ½(b + b₀): bounded where a divisor shrinks with its dividend, as behind a normalisation.
 * Where b changes its sign, as a · 1/b instead.
 */
function division(c: SecantContext): (string | null)[] {
  const { b, needs } = c;
  const [p, q, y] = [c.x[0]!, c.x[1]!, c.y[0]!];
  const [p0, q0, y0] = [c.x0[0]!, c.x0[1]!, c.y0[0]!];
  const dy = c.dy[0]!;
  if (!moves(c, 1)) return [needs(0) ? b.div(dy, q) : null, null];
  const product = b.mul(q, q0);
  const oneSide = b.compare("Greater", product, b.scalar(0, product));
  const middle = b.scale(b.add(q, q0), 0.5);
  const inverse = b.where(oneSide, b.unary("Reciprocal", middle), b.scale(b.add(b.unary("Reciprocal", q), b.unary("Reciprocal", q0)), 0.5));
  const slope = (): string => b.where(oneSide, b.div(b.scale(b.add(y, y0), 0.5), middle), b.div(b.scale(b.add(p, p0), 0.5), product));
  return [needs(0) ? b.mul(dy, inverse) : null, needs(1) ? b.neg(b.mul(dy, slope())) : null];
}

/** x^p: x + x₀ for the square, else the chord; with a moving exponent exp(p · log x). */
function power(c: SecantContext): readonly (string | null)[] {
  const { b } = c;
  if (moves(c, 1)) {
    const { dtype } = b.type(c.x[0]!);
    return compose(c, pairs(c), ([x, p]) => [b.unary("Exp", b.mul(b.cast(p!, dtype), b.unary("Log", x!)))]);
  }
  const known = c.constant(1);
  if (known?.length === 1 && known[0] === 2) return [b.mul(c.dy[0]!, b.add(c.x[0]!, c.x0[0]!)), null];
  return [...whole(ownScale, c), null];
}

function remainder(c: SecantContext): readonly (string | null)[] {
  if (!moves(c, 1)) return whole(chord, c);
  const { b, dy } = c;
  const times = (x: readonly string[], y: readonly string[]): string => b.unary("Round", b.div(b.sub(x[0]!, y[0]!), x[1]!));
  const [q, q0] = [times(c.x, c.y), times(c.x0, c.y0)];
  const jump = b.mul(b.scale(b.add(c.x[1]!, c.x0[1]!), 0.5), b.sub(q, q0));
  const [dividend, divisor] = [b.sub(c.x[0]!, c.x0[0]!), b.sub(c.x[1]!, c.x0[1]!)];
  const still = stands(b, dividend);
  const none = b.scalar(0, jump);
  const ofDividend = quotient(b, jump, dividend, still, none);
  const ofDivisor = b.where(still, quotient(b, jump, divisor, stands(b, divisor), none), none);
  return [b.mul(dy[0]!, b.sub(b.scalar(1, jump), ofDividend)), b.neg(b.mul(dy[0]!, b.add(b.scale(b.add(q, q0), 0.5), ofDivisor)))];
}
