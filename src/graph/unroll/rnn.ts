import { present } from "../../base/assert.js";
import { recurrenceOf } from "./gates.js";
import type { Cell } from "./recurrent.js";

/** RNN: H = f(x Wᵀ + H₋ Rᵀ + b). Source: https://onnx.ai/onnx/operators/onnx__RNN.html */
export const rnn: Cell = {
  gates: 1,
  defaults: ["Tanh"],
  initial: [5],
  foldsBias: () => true,
  step: (d, projected, [h = ""]) => [present(d.activations[0], "activation")(d.b, d.clip(h === "" ? projected : recurrenceOf(d, h, projected)))],
};
