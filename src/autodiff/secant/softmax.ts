import { normalAxis } from "../rules/axes.js";
import { compose } from "./compose.js";
import { multiplier, type SecantContext, type SecantFamily } from "./rule.js";

/** Up to this many classes, pairs of them are cheap. */
const mostPairs = 16;

/** Softmax and its logarithm. A shift of all scores changes nothing, so their multipliers add up to 0; for two classes that makes them the sigmoid's chord. */
export const softmaxSecants: SecantFamily = {
  Softmax: multiplier((c) => {
    const axis = normalAxis(c.a.int("axis", -1), c.b.rank(c.y[0]!));
    const size = c.b.dims(c.y[0]!)[axis] ?? null;
    return [size === null || size > mostPairs ? centred(c, axis, "quotient") : inPairs(c, axis)];
  }),
  LogSoftmax: multiplier((c) => [centred(c, normalAxis(c.a.int("axis", -1), c.b.rank(c.y[0]!)), "logarithm")]),
};

/** Scores that masks have set to −∞ (or nearly) stay finite, so that their differences are numbers. */
function finite({ b }: SecantContext, x: string): string {
  const least = b.scalar(b.type(x).dtype === "float16" ? -6e4 : -1e30, x);
  return b.emit("Max", [x, least], b.type(x));
}

/**
 * y_k = 1/Σ_j exp(x_j − x_k): the reciprocal, the sum and each exponential by their chords. What remains is Σ_k w_ik (dy_i − dy_k) with
 * w_ik = (y_i y⁰_k − y⁰_i y_k)/(Δ_i − Δ_k), the logarithmic mean of y_i y⁰_k and y⁰_i y_k; nothing cancels where one class has nearly all the probability.
 */
function inPairs(c: SecantContext, axis: number): string {
  const { b } = c;
  const [y, y0] = [c.y[0]!, c.y0[0]!];
  const row = (value: string): string => b.unsqueeze(value, [axis + 1]);
  const column = (value: string): string => b.unsqueeze(value, [axis]);
  const difference = b.sub(finite(c, c.x[0]!), finite(c, c.x0[0]!));
  const apart = b.sub(row(difference), column(difference));
  const close = b.compare("Less", b.unary("Abs", apart), b.scalar(1, apart));
  const root = b.mul(b.unary("Sqrt", y), b.unary("Sqrt", y0));
  // sinh(t)/t for t = apart/2, |t| < 1/2, by its series.
  const t = b.where(close, b.scale(apart, 0.5), b.scalar(0, apart));
  const square = b.mul(t, t);
  const series = [1 / 362880, 1 / 5040, 1 / 120, 1 / 6, 1].map((k) => b.scalar(k, square)).reduce((sum, k) => b.add(b.mul(sum, square), k));
  const numerator = b.sub(b.mul(row(y), column(y0)), b.mul(row(y0), column(y)));
  const far = b.div(numerator, b.where(close, b.scalar(1, apart), apart));
  const weights = b.where(close, b.mul(b.mul(row(root), column(root)), series), far);
  const dy = c.dy[0]!;
  return b.sum(b.mul(weights, b.sub(row(dy), column(dy))), [axis + 1], false);
}

/** exp(x)/Σ exp(x) and x − log Σ exp(x), after the scores' mean under the mean probabilities is taken away and with one maximum for sample and baseline. */
function centred(c: SecantContext, axis: number, form: "quotient" | "logarithm"): string {
  const { b } = c;
  const [x, x0] = [finite(c, c.x[0]!), finite(c, c.x0[0]!)];
  const probabilities = form === "quotient" ? [c.y[0]!, c.y0[0]!] : [b.unary("Exp", c.y[0]!), b.unary("Exp", c.y0[0]!)];
  const weights = b.scale(b.add(probabilities[0]!, probabilities[1]!), 0.5);
  const shifted = (value: string): string => b.sub(value, b.sum(b.mul(weights, value), [axis]));
  const [moved, moved0] = [shifted(x), shifted(x0)];
  const most = b.binary("Max", b.reduce("ReduceMax", moved, [axis]), b.reduce("ReduceMax", moved0, [axis]));
  const [found] = compose(c, [[moved, moved0]], ([value]) => {
    const lowered = b.sub(value!, most);
    const exponentials = b.unary("Exp", lowered);
    const total = b.sum(exponentials, [axis]);
    return [form === "quotient" ? b.div(exponentials, total) : b.sub(lowered, b.unary("Log", total))];
  });
  const back = found ?? b.zerosLike(x);
  return b.sub(back, b.mul(weights, b.sum(back, [axis])));
}
