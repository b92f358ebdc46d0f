import { ExplainError } from "../../base/diagnostic.js";
import { rule, type RuleContext, type RuleFamily } from "../rule.js";

/**
 * Reductions, in the forms from opset 18 on: axes as an input. `restored` puts the reduced axes back as 1, so that what the output knows (dy, y)
 * broadcasts against x; a product with a value of x's shape then has x's shape.
 */
export const reduction: RuleFamily = {
  ReduceSum: rule((c) => [c.b.expandLike(restored(c, c.dy[0]!), c.x[0]!)]),
  ReduceMean: rule((c) => [c.b.expandLike(c.b.mul(restored(c, c.dy[0]!), share(c)), c.x[0]!)]),
  ReduceMax: rule(extremum),
  ReduceMin: rule(extremum),
  // The product of the others is P/xᵢ, P being the product without zeros, unless there is a zero among the others: then it is 0.
  ReduceProd: rule((c) => {
    const { b, x } = c;
    const isZero = b.compare("Equal", x[0]!, b.scalar(0, x[0]!));
    const filled = b.where(isZero, b.scalar(1, x[0]!), x[0]!);
    const zero = b.cast(isZero, b.type(x[0]!).dtype);
    const noneElse = b.cast(b.compare("Equal", again(c, "ReduceSum", zero), zero), b.type(x[0]!).dtype);
    return [b.mul(restored(c, c.dy[0]!), b.mul(noneElse, b.div(again(c, "ReduceProd", filled), filled)))];
  }),
  ReduceL1: rule((c) => [c.b.mul(restored(c, c.dy[0]!), c.b.unary("Sign", c.x[0]!))]),
  // x/y, and 0 at the origin.
  ReduceL2: rule((c) => {
    const { b, y } = c;
    const nonzero = b.where(b.compare("Equal", y[0]!, b.scalar(0, y[0]!)), b.scalar(1, y[0]!), y[0]!);
    return [b.mul(restored(c, b.div(c.dy[0]!, nonzero)), c.x[0]!)];
  }),
  ReduceSumSquare: rule((c) => [c.b.mul(restored(c, c.b.scale(c.dy[0]!, 2)), c.x[0]!)]),
  // 1/Σx = e^(−y)
  ReduceLogSum: rule((c) => [c.b.expandLike(restored(c, c.b.mul(c.dy[0]!, c.b.unary("Exp", c.b.neg(c.y[0]!)))), c.x[0]!)]),
  ReduceLogSumExp: rule((c) => [c.b.mul(restored(c, c.dy[0]!), c.b.unary("Exp", c.b.sub(c.x[0]!, restored(c, c.y[0]!))))]),
  // The adjoint of a running sum is the running sum from the other end.
  CumSum: rule(({ b, a, x, dy }) => [
    b.emit("CumSum", [dy[0]!, x[1]!], b.type(x[0]!), { exclusive: a.int("exclusive", 0), reverse: 1 - a.int("reverse", 0) }),
    null,
  ]),
  TopK: rule(
    ({ b, a, x, y, dy }) =>
      dy[0] === "" ? [null, null] : [b.emit("ScatterElements", [b.zerosLike(x[0]!), y[1]!, dy[0]!], b.type(x[0]!), { axis: a.int("axis", -1) }), null],
    (node) => ((node.outputs[1] ?? "") === "" ? "it does not give the indices of its values" : undefined),
  ),
};

/** Ties share the cotangent equally. Source: torch, FunctionsManual.cpp, scale_grad_by_count (amax). */
function extremum(c: RuleContext): string[] {
  const { b, x } = c;
  const mask = b.cast(b.compare("Equal", x[0]!, restored(c, c.y[0]!)), b.type(x[0]!).dtype);
  return [b.mul(mask, b.div(restored(c, c.dy[0]!), again(c, "ReduceSum", mask)))];
}

/** Elements of the output for one of the input: 1/n of a mean over n. */
function share({ b, x, y }: RuleContext): string {
  const [all, left] = [b.dims(x[0]!), b.dims(y[0]!)];
  const reduced = all.filter((d) => d === null).length === left.filter((d) => d === null).length;
  const count = (dims: typeof all): number => dims.reduce<number>((n, d) => n * (d ?? 1), 1);
  if (reduced) return b.scalar(count(left) / count(all), x[0]!);
  const size = (value: string): string => b.cast(b.emit("Size", [value], { dtype: "int64", dims: [] }), b.type(x[0]!).dtype);
  return b.div(size(y[0]!), size(x[0]!));
}

/** Another reduction of a value of the input's shape over the node's axes, which stay as 1. */
function again(c: RuleContext, op: "ReduceSum" | "ReduceProd", value: string): string {
  return c.b.reduce(op, value, reducedAxes(c));
}

/** A value of the output's shape with the reduced axes back as 1. */
function restored(c: RuleContext, value: string): string {
  return c.a.int("keepdims", 1) === 1 ? value : c.b.unsqueeze(value, reducedAxes(c));
}

/** The node's axes: all if none are given (none, if it says `noop_with_empty_axes`). Where only the run knows them, the bound shapes tell. */
function reducedAxes(c: RuleContext): readonly number[] {
  const { b, a, x, constant } = c;
  const rank = b.rank(x[0]!);
  const given = (x[1] ?? "") === "" ? [] : constant(1);
  if (given === undefined) return axesByShape(c);
  if (given.length === 0) return a.int("noop_with_empty_axes", 0) === 1 ? [] : [...Array(rank).keys()];
  return given.map((axis) => (axis < 0 ? axis + rank : axis));
}

function axesByShape({ node, b, a, x, y }: RuleContext): readonly number[] {
  const [before, after] = [b.dims(x[0]!), b.dims(y[0]!)];
  const axes = [...before.keys()];
  if (a.int("keepdims", 1) === 1) return axes.filter((i) => before[i] !== after[i]);
  const fitting = subsets(axes).filter((removed) => {
    const left = before.filter((_, i) => !removed.includes(i));
    return left.length === after.length && left.every((d, i) => d === after[i]);
  });
  if (fitting.length === 1) return fitting[0]!;
  throw new ExplainError(
    "UNSUPPORTED_OPERATOR",
    `The gradient can't pass the node "${node.name}": the axes of its ${node.op} are computed at run time and its shape does not tell them.`,
    { node: node.name },
  );
}

function subsets(items: readonly number[]): number[][] {
  return items.reduce<number[][]>((all, item) => [...all, ...all.map((subset) => [...subset, item])], [[]]);
}
