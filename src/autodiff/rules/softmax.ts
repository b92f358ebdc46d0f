import { rule, type RuleFamily } from "../rule.js";

/** Up to this many classes, pairs of them are cheap. */
const mostPairs = 16;

/** Softmax along one axis (the form from opset 13 on; older ones are upgraded), from the saved output. */
export const softmax: RuleFamily = {
  // (dy − Σ dy·y)·y. For few classes the same as y_i·Σ_j y_j·(dy_i − dy_j): where one class has nearly all the probability, dy − Σ dy·y cancels in float32, the pairs don't.
  Softmax: rule(({ b, a, y, dy }) => {
    const asked = a.int("axis", -1);
    const axis = asked < 0 ? asked + b.rank(y[0]!) : asked;
    const size = b.dims(y[0]!)[axis] ?? null;
    if (size === null || size > mostPairs) {
      const total = b.sum(b.mul(dy[0]!, y[0]!), [axis]);
      return [b.mul(b.sub(dy[0]!, total), y[0]!)];
    }
    const pairs = b.sub(b.unsqueeze(dy[0]!, [axis + 1]), b.unsqueeze(dy[0]!, [axis]));
    // As a product with the column y where that is possible: its own derivative reads no shape off the cotangents.
    const last = axis === b.rank(y[0]!) - 1;
    const sums = last
      ? b.squeeze(b.matmul(pairs, b.unsqueeze(y[0]!, [axis + 1])), [axis + 1])
      : b.sum(b.mul(pairs, b.unsqueeze(y[0]!, [axis])), [axis + 1], false);
    return [b.mul(sums, y[0]!)];
  }),
  // dy − eʸ·Σ dy
  LogSoftmax: rule(({ b, a, y, dy }) => {
    const total = b.sum(dy[0]!, [a.int("axis", -1)]);
    return [b.sub(dy[0]!, b.mul(b.unary("Exp", y[0]!), total))];
  }),
};
