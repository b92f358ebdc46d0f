import { present } from "../../base/assert.js";
import { attribute } from "../attributes.js";
import { cut, recurrenceOf, split } from "./gates.js";
import type { Cell, Direction, State } from "./recurrent.js";

/**
 * GRU, gates in the order z, r, h: z = f(·), r = f(·), h̃ = g(x Whᵀ + (r ⊙ H₋) Rhᵀ + b) or, with linear_before_reset,
 * g(x Whᵀ + Wb + r ⊙ (H₋ Rhᵀ + Rb)); H = (1 − z) ⊙ h̃ + z ⊙ H₋. Source: https://onnx.ai/onnx/operators/onnx__GRU.html
 */
export const gru: Cell = {
  gates: 3,
  defaults: ["Sigmoid", "Tanh"],
  initial: [5],
  foldsBias: (node) => attribute(node, "linear_before_reset", "int") !== 1,
  step: (d, projected, [h = ""]) => (attribute(d.node, "linear_before_reset", "int") === 1 ? linearFirst(d, projected, h) : resetFirst(d, projected, h)),
};

function resetFirst(d: Direction, projected: string, h: string): State {
  const { b, hidden } = d;
  const [f, g] = functions(d);
  if (h === "") {
    const [z0 = "", , h0 = ""] = split(d, projected, 3);
    return blend(d, f(b, d.clip(z0)), g(b, d.clip(h0)), h);
  }
  const type = b.type(projected);
  const [gates = "", h0 = ""] = b.emitMany(
    "Split",
    [projected, b.ints([2 * hidden, hidden])],
    [2 * hidden, hidden].map((n) => ({ ...type, dims: [d.batch, n] })),
    { axis: 1 },
  );
  const [z0 = "", r0 = ""] = split(d, recurrenceOf(d, h, gates, cut(d, d.recurrence, 0, 2 * hidden)), 2);
  const r = f(b, d.clip(r0));
  const candidate = g(b, d.clip(recurrenceOf(d, b.mul(r, h), h0, cut(d, d.recurrence, 2 * hidden, hidden))));
  return blend(d, f(b, d.clip(z0)), candidate, h);
}

function linearFirst(d: Direction, projected: string, h: string): State {
  const { b } = d;
  const [f, g] = functions(d);
  const [z0 = "", r0 = "", h0 = ""] = split(d, projected, 3);
  const recurrent = h !== "" ? recurrenceOf(d, h, d.recurrenceBias) : d.recurrenceBias;
  if (recurrent === "") return blend(d, f(b, d.clip(z0)), g(b, d.clip(h0)), h);
  const [zr = "", rr = "", hr = ""] = h === "" ? [0, 1, 2].map((k) => cut(d, recurrent, k * d.hidden, d.hidden)) : split(d, recurrent, 3);
  const r = f(b, d.clip(b.add(r0, rr)));
  return blend(d, f(b, d.clip(b.add(z0, zr))), g(b, d.clip(b.add(h0, b.mul(r, hr)))), h);
}

/** (1 − z) ⊙ candidate + z ⊙ h */
function blend(d: Direction, z: string, candidate: string, h: string): State {
  const { b } = d;
  const fresh = b.mul(b.sub(b.scalar(1, z), z), candidate);
  return [h === "" ? fresh : b.add(fresh, b.mul(z, h))];
}

function functions(d: Direction): [f: Direction["activations"][number], g: Direction["activations"][number]] {
  return [present(d.activations[0], "activation"), present(d.activations[1], "activation")];
}
