import type { RelevanceContext, RelevanceRule } from "./context.js";
import { proportional } from "./proportional.js";

/** Sums and products of single numbers. */
export const productRelevance: Readonly<Record<string, RelevanceRule>> = {
  // A bias that belongs to the layer before it was counted there: everything passes on.
  Add: (c) => (c.structure.belongs(c.node) ? c.x.map((_, i) => (c.needs(i) ? c.dy[0]! : null)) : proportional(c)),
  Mul: (c) => shared(c, [0, 1]),
  // What is divided by is held; 1 / x is an activation.
  Div: (c) => (c.needs(0) ? [c.dy[0]!, null] : [null, c.dy[0]!]),
};

/** A product is its factors' alike; gates only say how much passes. */
function shared({ b, x, dy, needs, structure }: RelevanceContext, operands: readonly number[]): (string | null)[] {
  const active = operands.filter(needs);
  const free = active.filter((i) => !structure.isGate(x[i]!));
  const takers = free.length > 0 ? free : active;
  const each = b.scale(dy[0]!, 1 / takers.length);
  return x.map((_, i) => (takers.includes(i) ? each : null));
}
