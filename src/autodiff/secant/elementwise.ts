import { chord, kinkAtZero, ownScale, step, unitScale } from "./chord.js";
import { multiplier, type SecantContext, type SecantFamily, type SecantState } from "./rule.js";

/** dy times a slope that is known in closed form, without a difference of close numbers. */
function closed(slope: (c: SecantContext) => string): SecantState {
  return multiplier((c) => [c.b.mul(c.dy[0]!, slope(c))]);
}

/** tanh(d)/d, which is 1 to the last digit where |d| is below a millionth. */
function tanhOver({ b }: SecantContext, d: string): string {
  const distance = b.binary("Max", b.unary("Abs", d), b.scalar(1e-6, d));
  return b.div(b.unary("Tanh", distance), distance);
}

/** Functions of one number: the slope of the chord between baseline and sample. */
export const elementwiseSecants: SecantFamily = {
  // σ(x) − σ(x₀) = tanh((x − x₀)/2) · (y(1 − y₀) + y₀(1 − y))
  Sigmoid: closed((c) => {
    const { b } = c;
    const [y, y0] = [c.y[0]!, c.y0[0]!];
    const one = b.scalar(1, y);
    const both = b.add(b.mul(y, b.sub(one, y0)), b.mul(y0, b.sub(one, y)));
    return b.scale(b.mul(tanhOver(c, b.scale(b.sub(c.x[0]!, c.x0[0]!), 0.5)), both), 0.5);
  }),
  // tanh x − tanh x₀ = tanh(x − x₀) · (1 − y·y₀)
  Tanh: closed((c) => {
    const { b } = c;
    const y = c.y[0]!;
    return b.mul(tanhOver(c, b.sub(c.x[0]!, c.x0[0]!)), b.sub(b.scalar(1, y), b.mul(y, c.y0[0]!)));
  }),
  // 1/(√x + √x₀), and nothing from 0 to 0.
  Sqrt: closed(({ b, y, y0 }) => {
    const sum = b.add(y[0]!, y0[0]!);
    const none = b.compare("Equal", sum, b.scalar(0, sum));
    return b.where(none, b.scalar(0, sum), b.unary("Reciprocal", b.where(none, b.scalar(1, sum), sum)));
  }),
  Reciprocal: closed(({ b, y, y0 }) => b.neg(b.mul(y[0]!, y0[0]!))),
  Log: ownScale,
  ...all(["Exp", "Erf", "Sin", "Cos", "Sinh", "Cosh", "Asinh", "Atan", "Softplus", "Mish", "Swish", "Gelu"], unitScale),
  ...all(["com.microsoft:Gelu", "com.microsoft:QuickGelu"], unitScale),
  ...all(["Elu", "Selu", "Celu", "Softsign"], kinkAtZero),
  ...all(["Relu", "LeakyRelu", "ThresholdedRelu", "Shrink", "HardSigmoid", "HardSwish", "Abs", "Tan", "Asin", "Acos", "Acosh", "Atanh"], chord),
  ...all(["Floor", "Ceil", "Round", "Sign"], step),
};

function all(ops: readonly string[], state: SecantState): SecantFamily {
  return Object.fromEntries(ops.map((op) => [op, state]));
}
