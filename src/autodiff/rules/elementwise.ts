import { ExplainError } from "../../base/diagnostic.js";
import type { Builder } from "../../graph/builder.js";
import { isFloat } from "../../tensor/dtype.js";
import { rule, type RuleContext, type RuleFamily } from "../rule.js";

/** The rule of y = f(x): dy times the derivative, which is built by `slope` from x (or the saved y). */
export function unary(slope: (c: RuleContext, x: string, y: string) => string): RuleFamily[string] {
  return rule((c) => [c.b.mul(c.dy[0]!, slope(c, c.x[0]!, c.y[0]!))]);
}

/** One cotangent per thunk; those of inputs that need none are not built. */
export function eachNeeded(c: RuleContext, cotangents: readonly (() => string | null)[]): (string | null)[] {
  return cotangents.map((make, i) => (c.needs(i) ? make() : null));
}

/** Arithmetic. Cotangents have the broadcast shape of the output; the driver sums them to their input's. */
export const elementwise: RuleFamily = {
  Add: rule(({ dy: [d] }) => [d!, d!]),
  Sub: rule((c) => eachNeeded(c, [() => c.dy[0]!, () => c.b.neg(c.dy[0]!)])),
  Mul: rule((c) => eachNeeded(c, [() => c.b.mul(c.dy[0]!, c.x[1]!), () => c.b.mul(c.dy[0]!, c.x[0]!)])),
  // The second from the saved quotient: −dy · y / x₁.
  Div: rule((c) => eachNeeded(c, [() => c.b.div(c.dy[0]!, c.x[1]!), () => c.b.neg(c.b.mul(c.dy[0]!, c.b.div(c.y[0]!, c.x[1]!)))])),
  Neg: rule(({ b, dy }) => [b.neg(dy[0]!)]),
  Sum: rule(({ x, dy }) => x.map(() => dy[0]!)),
  Mean: rule(({ b, x, dy }) => x.map(() => b.scale(dy[0]!, 1 / x.length))),
  // y = x₀ − x₁ · trunc(x₀ / x₁): fmod's quotient is constant almost everywhere. The integer form (fmod = 0) takes the sign of the divisor.
  Mod: rule((c) => {
    const quotient = (): string => c.b.unary("Round", c.b.div(c.b.sub(c.x[0]!, c.y[0]!), c.x[1]!));
    return eachNeeded(c, [() => c.dy[0]!, () => c.b.neg(c.b.mul(c.dy[0]!, quotient()))]);
  }),
  Pow: rule((c) => eachNeeded(c, [() => powBase(c), () => powExponent(c)])),
  Identity: rule(({ dy }) => [dy[0]!]),
  // At inference dropout passes its input on. In training mode the saved mask and the ratio say what was scaled.
  Dropout: rule(({ node, b, x, y, dy, constant }) => {
    const training = (x[2] ?? "") !== "" && constant(2)?.[0] !== 0;
    if (!training) return [dy[0]!];
    const mask = y[1] ?? "";
    if (mask === "")
      throw new ExplainError(
        "UNSUPPORTED_OPERATOR",
        `The gradient can't pass the Dropout node "${node.name}": it is in training mode and does not give its mask.`,
        { node: node.name, hint: "Export the model for inference (eval mode)." },
      );
    const ratio = (x[1] ?? "") === "" ? b.scalar(0.5, dy[0]!) : b.cast(x[1]!, b.type(dy[0]!).dtype);
    const scaled = b.div(dy[0]!, b.sub(b.scalar(1, dy[0]!), ratio));
    return [b.where(mask, scaled, b.scalar(0, scaled))];
  }),
  Cast: rule(({ b, x, dy }) => [
    isFloat(b.type(x[0]!).dtype) ? b.cast(dy[0]!, b.type(x[0]!).dtype) : isQuantisedSum(b, x[0]!) ? b.cast(dy[0]!, "float32") : null,
  ]),
  CastLike: rule(({ b, x, dy }) => [isFloat(b.type(x[0]!).dtype) ? b.cast(dy[0]!, b.type(x[0]!).dtype) : null, null]),
  // Where is linear in both branches; a branch that was not taken gets an exact zero, even where its own derivative is not finite.
  Where: rule(({ b, x, dy, needs }) => {
    const none = b.scalar(0, dy[0]!);
    return [null, needs(1) ? b.where(x[0]!, dy[0]!, none) : null, needs(2) ? b.where(x[0]!, none, dy[0]!) : null];
  }),
};

/** Whether an integer is a sum of quantised products, which stands for a real number; any other integer is a count or a position. */
function isQuantisedSum(b: Builder, value: string): boolean {
  return b.nodes.some((n) => (n.op === "MatMulInteger" || n.op === "ConvInteger") && n.outputs.includes(value));
}

/** dy · p · x^(p − 1), and 0 where p = 0 (x^(p − 1) is infinite at x = 0). Source: torch, FunctionsManual.cpp, pow_backward. */
function powBase({ b, x, dy, constant }: RuleContext): string {
  const [base, power] = [x[0]!, x[1]!];
  const known = constant(1);
  if (known?.length === 1) {
    const p = known[0]!;
    if (p === 0) return b.mul(dy[0]!, b.scalar(0, base));
    if (p === 1) return dy[0]!;
    const raised = p === 2 ? base : p === 3 ? b.mul(base, base) : p === -1 ? b.unary("Reciprocal", b.mul(base, base)) : b.pow(base, b.scalar(p - 1, base));
    return b.mul(dy[0]!, b.scale(raised, p));
  }
  const exponent = b.cast(power, b.type(base).dtype);
  const constantPower = b.compare("Equal", exponent, b.scalar(0, base));
  // The exponent is replaced where it is 0, so that no infinity arises that a cotangent of 0 would turn into NaN.
  const lowered = b.where(constantPower, b.scalar(0, base), b.shift(exponent, -1));
  return b.mul(dy[0]!, b.mul(exponent, b.pow(base, lowered)));
}

/** dy · y · log x where x > 0; 0 elsewhere: x^p is 0 for x = 0 and p > 0, and for x < 0 it is defined at isolated p only. */
function powExponent({ b, x, y, dy }: RuleContext): string {
  const [base, power] = [x[0]!, x[1]!];
  const isPositive = b.compare("Greater", base, b.scalar(0, base));
  const log = b.unary("Log", b.where(isPositive, base, b.scalar(1, base)));
  return b.cast(b.mul(dy[0]!, b.where(isPositive, b.mul(y[0]!, log), b.scalar(0, base))), b.type(power).dtype);
}
