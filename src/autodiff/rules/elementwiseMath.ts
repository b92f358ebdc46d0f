import type { RuleContext, RuleFamily } from "../rule.js";
import { unary } from "./elementwise.js";

/** Mathematical functions of one argument. Where the derivative is infinite (√ at 0) it is infinite, as in torch; |x| has 0 at 0. */
export const elementwiseMath: RuleFamily = {
  Abs: unary(({ b }, x) => b.unary("Sign", x)),
  Exp: unary((_, __, y) => y),
  Log: unary(({ b }, x) => b.unary("Reciprocal", x)),
  Sqrt: unary(({ b }, _, y) => b.div(b.scalar(0.5, y), y)),
  Reciprocal: unary(({ b }, _, y) => b.neg(b.mul(y, y))),
  Erf: unary(({ b }, x) => b.scale(b.unary("Exp", b.neg(b.mul(x, x))), 2 / Math.sqrt(Math.PI))),
  Sin: unary(({ b }, x) => b.unary("Cos", x)),
  Cos: unary(({ b }, x) => b.neg(b.unary("Sin", x))),
  Tan: unary(({ b }, _, y) => b.shift(b.mul(y, y), 1)),
  Asin: unary(arcsine),
  Acos: unary((c, x) => c.b.neg(arcsine(c, x))),
  Atan: unary(({ b }, x) => b.unary("Reciprocal", b.shift(b.mul(x, x), 1))),
  Sinh: unary(({ b }, x) => b.unary("Cosh", x)),
  Cosh: unary(({ b }, x) => b.unary("Sinh", x)),
  Asinh: unary(({ b }, x) => b.unary("Reciprocal", b.unary("Sqrt", b.shift(b.mul(x, x), 1)))),
  // (x − 1)(x + 1) keeps the digits that x² − 1 loses near 1.
  Acosh: unary(({ b }, x) => b.unary("Reciprocal", b.unary("Sqrt", b.mul(b.shift(x, -1), b.shift(x, 1))))),
  Atanh: unary(({ b }, x) => b.unary("Reciprocal", oneMinusSquare(b, x))),
};

function arcsine({ b }: RuleContext, x: string): string {
  return b.unary("Reciprocal", b.unary("Sqrt", oneMinusSquare(b, x)));
}

/** 1 − x² as (1 − x)(1 + x), which keeps its digits near ±1. */
function oneMinusSquare(b: RuleContext["b"], x: string): string {
  const one = b.scalar(1, x);
  return b.mul(b.sub(one, x), b.add(one, x));
}
