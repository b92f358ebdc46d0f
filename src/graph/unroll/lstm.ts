import { attribute } from "../attributes.js";
import type { Cell, Direction, State } from "./recurrent.js";
import { cut, recurrenceOf, split, splitAt } from "./gates.js";

/**
 * LSTM, gates in the order i, o, f, c:
 * i = f(·), f = f(·) or 1 − i, c̃ = g(·), C = f ⊙ C₋ + i ⊙ c̃, o = f(·), H = o ⊙ h(C), where · is x Wᵀ + H₋ Rᵀ + b, plus P ⊙ C₋ (P ⊙ C for o).
 * Source: https://onnx.ai/onnx/operators/onnx__LSTM.html
 */
export const lstm: Cell = {
  gates: 4,
  defaults: ["Sigmoid", "Tanh", "Tanh"],
  initial: [5, 6],
  foldsBias: () => true,
  step: (d, projected, state): State => {
    const { b, hidden } = d;
    const [h = "", c = ""] = state;
    const [f = identity, g = identity, out = identity] = d.activations;
    const projection = h === "" ? projected : recurrenceOf(d, h, projected);
    const forgetsInput = attribute(d.node, "input_forget", "int") === 1;
    if (d.peepholes === "" && !forgetsInput) {
      // One activation for three gates: a third of the nodes, forwards and backwards.
      const [three = "", last = ""] = splitAt(d, projection, [3 * hidden, hidden]);
      const [i = "", o = "", forget = ""] = split(d, f(b, d.clip(three)), 3);
      const added = b.mul(i, g(b, d.clip(last)));
      const cell = c === "" ? added : b.add(b.mul(forget, c), added);
      return [b.mul(o, out(b, cell)), cell];
    }
    const [i0 = "", o0 = "", f0 = "", c0 = ""] = split(d, projection, 4);
    const peep = (gate: string, cell: string, k: number): string =>
      d.peepholes === "" || cell === "" ? gate : b.add(gate, b.mul(cut(d, d.peepholes, k * hidden, hidden), cell));
    const i = f(b, d.clip(peep(i0, c, 0)));
    let cell = b.mul(i, g(b, d.clip(c0)));
    if (c !== "") {
      const forget = forgetsInput ? b.sub(b.scalar(1, i), i) : f(b, d.clip(peep(f0, c, 2)));
      cell = b.add(b.mul(forget, c), cell);
    }
    const o = f(b, d.clip(peep(o0, cell, 1)));
    return [b.mul(o, out(b, cell)), cell];
  },
};

function identity(_: Direction["b"], x: string): string {
  return x;
}
