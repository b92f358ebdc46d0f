import { rule, type RuleContext, type RuleFamily } from "../rule.js";
import { eachNeeded, unary } from "./elementwise.js";

/** Activation functions. At a kink the derivative is torch's: 0 at the kink of Relu, the left slope where there is one. */
export const activation: RuleFamily = {
  Sigmoid: unary(({ b }, _, y) => b.mul(y, b.sub(b.scalar(1, y), y))),
  Tanh: unary(({ b }, _, y) => b.sub(b.scalar(1, y), b.mul(y, y))),
  Relu: rule((c) => [whereAbove(c, c.y[0]!, 0, c.dy[0]!, c.b.scalar(0, c.dy[0]!))]),
  LeakyRelu: rule((c) => [whereAbove(c, c.x[0]!, 0, c.dy[0]!, c.b.scale(c.dy[0]!, c.a.float("alpha", 0.01)))]),
  PRelu: rule((c) => {
    const none = c.b.scalar(0, c.dy[0]!);
    return eachNeeded(c, [
      () => whereAbove(c, c.x[0]!, 0, c.dy[0]!, c.b.mul(c.dy[0]!, c.x[1]!)),
      () => whereAbove(c, c.x[0]!, 0, none, c.b.mul(c.dy[0]!, c.x[0]!)),
    ]);
  }),
  ThresholdedRelu: rule((c) => [whereAbove(c, c.x[0]!, c.a.float("alpha", 1), c.dy[0]!, c.b.scalar(0, c.dy[0]!))]),
  // α eˣ = y + α left of 0.
  Elu: rule((c) => {
    const alpha = c.a.float("alpha", 1);
    return [whereAbove(c, c.x[0]!, 0, c.dy[0]!, c.b.mul(c.dy[0]!, c.b.shift(c.y[0]!, alpha)))];
  }),
  Selu: rule((c) => {
    const alpha = c.a.float("alpha", 1.67326319217681884765625);
    const gamma = c.a.float("gamma", 1.05070102214813232421875);
    return [whereAbove(c, c.x[0]!, 0, c.b.scale(c.dy[0]!, gamma), c.b.mul(c.dy[0]!, c.b.shift(c.y[0]!, alpha * gamma)))];
  }),
  Celu: rule((c) => {
    const alpha = c.a.float("alpha", 1);
    return [whereAbove(c, c.x[0]!, 0, c.dy[0]!, c.b.mul(c.dy[0]!, c.b.shift(c.b.scale(c.y[0]!, 1 / alpha), 1)))];
  }),
  HardSigmoid: rule((c) => {
    const y = c.y[0]!;
    const inside = between(c, y, 0, 1);
    return [c.b.where(inside, c.b.scale(c.dy[0]!, c.a.float("alpha", 0.2)), c.b.scalar(0, y))];
  }),
  // 0 up to −3, x/3 + 1/2 between, 1 from 3 on.
  HardSwish: unary((c, x) => {
    const slope = c.b.where(between(c, x, -3, 3), c.b.shift(c.b.scale(x, 1 / 3), 0.5), c.b.scalar(1, x));
    return whereAbove(c, x, -3, slope, c.b.scalar(0, x));
  }),
  // Moved towards 0 by a constant outside ±λ, 0 between.
  Shrink: rule((c) => [whereAbove(c, c.b.unary("Abs", c.x[0]!), c.a.float("lambd", 0.5), c.dy[0]!, c.b.scalar(0, c.dy[0]!))]),
  Softplus: unary(({ b }, x) => b.unary("Sigmoid", x)),
  Softsign: unary(({ b }, x) => {
    const root = b.shift(b.unary("Abs", x), 1);
    return b.unary("Reciprocal", b.mul(root, root));
  }),
  Mish: unary(mishSlope),
  Swish: unary((c, x) => swishSlope(c, x, c.a.float("alpha", 1))),
  "com.microsoft:QuickGelu": unary((c, x) => swishSlope(c, x, c.a.float("alpha", 1.702))),
  Gelu: unary((c, x) => (c.a.string("approximate", "none") === "tanh" ? tanhGeluSlope(c, x) : geluSlope(c, x))),
  "com.microsoft:Gelu": unary(geluSlope),
  "com.microsoft:BiasGelu": rule((c) => {
    const d = c.b.mul(c.dy[0]!, geluSlope(c, c.b.add(c.x[0]!, c.x[1]!)));
    return [d, d];
  }),
  "com.microsoft:FastGelu": rule((c) => {
    const bias = c.x[1] ?? "";
    const d = c.b.mul(c.dy[0]!, tanhGeluSlope(c, bias === "" ? c.x[0]! : c.b.add(c.x[0]!, bias)));
    return [d, bias === "" ? null : d];
  }),
};

/** `above` where value > bound, else `other`. */
function whereAbove({ b }: RuleContext, value: string, bound: number, above: string, other: string): string {
  return b.where(b.compare("Greater", value, b.scalar(bound, value)), above, other);
}

/** low < value < high. */
function between({ b }: RuleContext, value: string, low: number, high: number): string {
  return b.compare("And", b.compare("Greater", value, b.scalar(low, value)), b.compare("Less", value, b.scalar(high, value)));
}

/**
 * With s = σ(x) and q = σ(−x): tanh(softplus x) = s(1 + q)/(1 + q²) and 1 − tanh² = 4q²/(1 + q²)², both without cancellation or overflow;
 * the derivative of x·tanh(softplus x) is the first plus x·s times the second.
 */
function mishSlope({ b }: RuleContext, x: string): string {
  const s = b.unary("Sigmoid", x);
  const q = b.unary("Sigmoid", b.neg(x));
  const square = b.mul(q, q);
  const denominator = b.shift(square, 1);
  const tanh = b.div(b.mul(s, b.shift(q, 1)), denominator);
  return b.add(tanh, b.mul(b.mul(x, s), b.div(b.scale(square, 4), b.mul(denominator, denominator))));
}

/** d/dx x·σ(αx) = s + αx·s(1 − s). */
function swishSlope({ b }: RuleContext, x: string, alpha: number): string {
  const scaled = b.scale(x, alpha);
  const s = b.unary("Sigmoid", scaled);
  return b.mul(s, b.shift(b.mul(scaled, b.sub(b.scalar(1, s), s)), 1));
}

/** d/dx x·Φ(x) = Φ(x) + x·φ(x). */
function geluSlope({ b }: RuleContext, x: string): string {
  const phi = b.scale(b.unary("Exp", b.scale(b.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  const cumulative = b.scale(b.shift(b.unary("Erf", b.scale(x, Math.SQRT1_2)), 1), 0.5);
  return b.add(cumulative, b.mul(x, phi));
}

/** The derivative of ½x(1 + tanh(√(2/π)(x + 0.044715x³))). Source: Hendrycks & Gimpel, arXiv:1606.08415. */
function tanhGeluSlope({ b }: RuleContext, x: string): string {
  const root = Math.sqrt(2 / Math.PI);
  const square = b.mul(x, x);
  const t = b.unary("Tanh", b.mul(b.scale(x, root), b.shift(b.scale(square, 0.044715), 1)));
  const inner = b.shift(b.scale(square, 3 * 0.044715 * root), root);
  const slope = b.mul(b.mul(x, b.sub(b.scalar(1, t), b.mul(t, t))), inner);
  return b.scale(b.add(b.shift(t, 1), slope), 0.5);
}
