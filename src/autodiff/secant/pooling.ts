import type { Builder } from "../../graph/builder.js";
import { spreadWindows } from "../rules/pooling.js";
import { spatial } from "../rules/window.js";
import { isRelativelySmall, quotient } from "./chord.js";
import { linear, multiplier, type SecantContext, type SecantFamily } from "./rule.js";

/** (|x|^p − |x₀|^p)/(x − x₀) */
function powerSlope(b: Builder, x: string, x0: string, p: number): string {
  if (p === 2) return b.add(x, x0);
  const difference = b.sub(x, x0);
  const raised = (value: string): string => (p === 1 ? b.unary("Abs", value) : b.pow(b.unary("Abs", value), b.scalar(p, value)));
  const middle = b.scale(b.add(x, x0), 0.5);
  const near = isRelativelySmall(b, difference, x, x0);
  // Close together the derivative at the midpoint; a zero there is a zero of both.
  const slope = b.mul(b.unary("Sign", middle), p === 1 ? b.onesLike(middle) : b.scale(b.pow(b.unary("Abs", middle), b.scalar(p - 1, middle)), p));
  return quotient(b, b.sub(raised(x), raised(x0)), difference, near, slope);
}

/** y^p = Σ|x|^p: the chord of the power over that of its root, 0 where both are 0. */
function norm(c: SecantContext, spread: (dy: string) => string): (string | null)[] {
  const { b } = c;
  const p = c.a.int("p", 2);
  const root = powerSlope(b, c.y[0]!, c.y0[0]!, p);
  const none = b.compare("Equal", root, b.scalar(0, root));
  return [b.mul(spread(quotient(b, c.dy[0]!, root, none, b.scalar(0, root))), powerSlope(b, c.x[0]!, c.x0[0]!, p))];
}

/** Pools but the maximum, which is in `selection.ts`. */
export const poolingSecants: SecantFamily = {
  AveragePool: linear,
  GlobalAveragePool: linear,
  MaxUnpool: linear,
  LpPool: multiplier((c) => norm(c, (dy) => spreadWindows(c, dy, () => 1))),
  GlobalLpPool: multiplier((c) =>
    norm(c, (dy) => c.b.expandLike(c.b.reshape(dy, [...c.b.dims(dy).slice(0, 2), ...spatial(c.b.dims(c.x[0]!)).map(() => 1)]), c.x[0]!)),
  ),
};
