import { rule, type RuleFamily } from "../rule.js";

/** Softmax along one axis (the form from opset 13 on; older ones are upgraded), from the saved output. */
export const softmax: RuleFamily = {
  // (dy − Σ dy·y)·y
  Softmax: rule(({ b, a, y, dy }) => {
    const total = b.sum(b.mul(dy[0]!, y[0]!), [a.int("axis", -1)]);
    return [b.mul(b.sub(dy[0]!, total), y[0]!)];
  }),
  // dy − eʸ·Σ dy
  LogSoftmax: rule(({ b, a, y, dy }) => {
    const total = b.sum(dy[0]!, [a.int("axis", -1)]);
    return [b.sub(dy[0]!, b.mul(b.unary("Exp", y[0]!), total))];
  }),
};
