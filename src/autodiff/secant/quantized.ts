import { chord } from "./chord.js";
import { linear, type SecantFamily, type SecantState } from "./rule.js";

const reason = "rounding to quantised numbers is passed straight through, and blocked where it clips";

const estimate: SecantState = { state: "approximate", reason };

/** Half of the gradient at the sample and half of that at the baseline: the rule of products of real numbers. */
const product: SecantState = {
  state: "approximate",
  reason,
  multiply: (c) => {
    const dy = c.dy.map((d) => (d === "" ? d : c.b.scale(d, 0.5)));
    const [atSample, atBaseline] = [c.gradient({ dy }), c.gradient({ dy, x: c.x0, y: c.y0 })];
    return atSample.map((value, i) => {
      const other = atBaseline[i] ?? null;
      return value === null || other === null ? null : c.b.add(value, other);
    });
  },
};

/** Quantised arithmetic. A step function of one number has its chord, rounding and clipping included. */
export const quantizedSecants: SecantFamily = {
  QuantizeLinear: chord,
  "com.microsoft:QuantizeLinear": chord,
  DequantizeLinear: linear,
  "com.microsoft:DequantizeLinear": linear,
  "com.microsoft:QLinearSigmoid": chord,
  "com.microsoft:QLinearLeakyRelu": chord,
  "com.microsoft:QLinearMul": product,
  ...Object.fromEntries(
    [
      ...["DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "QLinearMatMul", "QLinearConv"],
      ...["DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QLinearAdd", "QLinearGlobalAveragePool", "QLinearAveragePool", "QLinearConcat"].map(
        (op) => `com.microsoft:${op}`,
      ),
    ].map((op) => [op, estimate]),
  ),
};
