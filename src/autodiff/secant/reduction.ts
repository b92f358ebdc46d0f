import type { Builder } from "../../graph/builder.js";
import type { Dim } from "../../graph/ir.js";
import { refusal } from "../rules/refusal.js";
import { composition, compose } from "./compose.js";
import { meanGradient } from "./products.js";
import { linear, multiplier, type SecantContext, type SecantFamily } from "./rule.js";

/** Products of more factors than this take too many points. */
const mostFactors = 16;

/** Another reduction over the node's axes. */
function reduced({ b, node, y }: SecantContext, op: string, x: string, axes: readonly string[]): string {
  return b.emit(op, [x, ...axes], { dtype: b.type(x).dtype, dims: b.dims(y[0]!) }, node.attributes);
}

function square(b: Builder, x: string): string {
  return b.mul(x, x);
}

/** Reductions; extrema are in `selection.ts`. */
export const reductionSecants: SecantFamily = {
  ReduceSum: linear,
  ReduceMean: linear,
  CumSum: linear,
  ReduceL1: composition((c, [x, ...axes]) => reduced(c, "ReduceSum", c.b.unary("Abs", x!), axes)),
  ReduceL2: composition((c, [x, ...axes]) => c.b.unary("Sqrt", reduced(c, "ReduceSum", square(c.b, x!), axes))),
  ReduceSumSquare: composition((c, [x, ...axes]) => reduced(c, "ReduceSum", square(c.b, x!), axes)),
  ReduceLogSum: composition((c, [x, ...axes]) => c.b.unary("Log", reduced(c, "ReduceSum", x!, axes))),
  // With one maximum over everything, a constant, for sample and baseline: it falls out of the result.
  ReduceLogSumExp: multiplier((c) => {
    const { b } = c;
    const all = (x: string): string => b.reduce("ReduceMax", x, [...Array(b.rank(x)).keys()], false);
    const most = b.binary("Max", all(c.x[0]!), all(c.x0[0]!));
    const axes = c.x.slice(1);
    const [found] = compose(c, [[c.x[0]!, c.x0[0]!]], ([x]) => [b.add(b.unary("Log", reduced(c, "ReduceSum", b.unary("Exp", b.sub(x!, most)), axes)), most)]);
    return [found ?? null, ...axes.map(() => null)];
  }),
  // A product of n factors has a gradient of degree n − 1 along the line from baseline to sample: n/2 Gauss points are exact.
  ReduceProd: multiplier((c) => {
    const { b } = c;
    const size = (dims: readonly Dim[]): number => dims.reduce<number>((n, d) => n * (d ?? 1), 1);
    const follows = (dims: readonly Dim[]): number => dims.filter((d) => d === null).length;
    const [all, left] = [b.dims(c.x[0]!), b.dims(c.y[0]!)];
    const factors = size(all) / Math.max(1, size(left));
    if (factors > mostFactors || follows(all) !== follows(left))
      throw refusal(c, `a product of ${follows(all) === follows(left) ? factors : "all rows'"} values has no multipliers`);
    return meanGradient(c, Math.max(1, Math.ceil(factors / 2)));
  }),
};
