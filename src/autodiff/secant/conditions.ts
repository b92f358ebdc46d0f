import { isFloat } from "../../tensor/dtype.js";
import { asFloat, stands } from "./chord.js";
import { multiplier, moves, type SecantContext, type SecantFamily, type SecantState } from "./rule.js";

/*
 * A condition that comes out differently for sample and baseline is part of what changed the score: it is a number, 0 or 1, and its multipliers (float32) go back
 * to what was compared.
 */

/** p < q changes where p − q changes its sign (or leaves 0): the whole change of the truth over the change of p − q. */
const comparison: SecantState = multiplier((c) => {
  const { b } = c;
  const change = b.sub(asFloat(b, c.y[0]!), asFloat(b, c.y0[0]!));
  const way = (i: number): string => b.cast(b.sub(c.x[i]!, c.x0[i]!), "float32");
  const difference = b.sub(way(0), way(1));
  const none = stands(b, difference);
  const slope = b.where(none, b.scalar(0, difference), b.div(change, b.where(none, b.scalar(1, difference), difference)));
  const dx = b.mul(c.dy[0]!, slope);
  const shaped = (i: number, value: string): string | null => {
    const { dtype } = b.type(c.x[i]!);
    return isFloat(dtype) ? b.cast(value, dtype) : value;
  };
  return [c.needs(0) ? shaped(0, dx) : null, c.needs(1) ? shaped(1, b.neg(dx)) : null];
});

/** The mean of a truth at sample and baseline, as a number. */
function mean({ b, x, x0 }: SecantContext, i: number): string {
  return b.scale(b.add(asFloat(b, x[i]!), asFloat(b, x0[i]!)), 0.5);
}

/** A truth as a number is linear in each of its operands: the product rule with these factors. */
function logic(factor: (c: SecantContext, other: string) => string): SecantState {
  return multiplier((c) => [0, 1].map((i) => (c.needs(i) ? c.b.mul(c.dy[0]!, factor(c, mean(c, 1 - i))) : null)));
}

export const conditionSecants: SecantFamily = {
  ...Object.fromEntries(["Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal"].map((op) => [op, comparison])),
  And: logic((_, other) => other),
  Or: logic(({ b }, other) => b.sub(b.scalar(1, other), other)),
  Xor: logic(({ b }, other) => b.sub(b.scalar(1, other), b.scale(other, 2))),
  Not: multiplier(({ b, dy }) => [b.neg(dy[0]!)]),
  /** Where the condition stayed, the branch that was taken; where it changed, all of the change belongs to the condition: the other branch may hold anything. */
  Where: multiplier((c) => {
    const { b, x, dy } = c;
    const condition = x[0]!;
    const none = b.scalar(0, dy[0]!);
    const [first, second] = [b.where(condition, dy[0]!, none), b.where(condition, none, dy[0]!)];
    if (!moves(c, 0)) return [null, first, second];
    const same = b.compare("Equal", condition, c.x0[0]!);
    const change = b.mul(dy[0]!, b.sub(c.y[0]!, c.y0[0]!));
    const credit = b.where(same, b.scalar(0, change), b.where(condition, change, b.neg(change)));
    return [c.needs(0) ? b.cast(credit, "float32") : null, b.where(same, first, none), b.where(same, second, none)];
  }),
  // Numbers and truths change their type as they are; rounding to a whole number has the chord of a step.
  Cast: multiplier(converted),
  CastLike: multiplier((c) => [...converted(c), null]),
};

function converted(c: SecantContext): (string | null)[] {
  const { b } = c;
  const [from, to] = [b.type(c.x[0]!).dtype, b.type(c.y[0]!).dtype];
  const target = isFloat(from) ? from : "float32";
  if (isFloat(to) || !isFloat(from)) return [b.cast(c.dy[0]!, target)];
  const difference = b.sub(c.x[0]!, c.x0[0]!);
  const none = stands(b, difference);
  const change = b.cast(b.sub(asFloat(b, c.y[0]!), asFloat(b, c.y0[0]!)), target);
  const slope = b.where(none, b.scalar(0, difference), b.div(change, b.where(none, b.scalar(1, difference), difference)));
  return [b.mul(b.cast(c.dy[0]!, target), slope)];
}
