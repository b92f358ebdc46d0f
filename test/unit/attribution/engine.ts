import type { AttributionResult } from "../../../src/attribution/plan.js";
import { present } from "../../../src/base/assert.js";
import type { NumberTensor } from "../../../src/protocol/explanation.js";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import type { Attributed, RunContext } from "../../../src/runtime/openModel.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { modelAt } from "../modelAt.js";

/** Three samples of the diabetes data, and their mean as a baseline. */
export const samples = [
  [4, 134, 72, 0, 0, 23.8, 0.277, 60],
  [2, 105, 75, 0, 0, 23.3, 0.56, 53],
  [5, 166, 72, 19, 175, 25.8, 0.587, 51],
] as const;
const baseline = [4, 121, 69, 20, 80, 32, 0.47, 33];

export function rows(list: readonly (readonly number[])[]): Tensor {
  return tensor("float32", [list.length, present(list[0], "row").length], list.flat());
}

/** Asks about the diabetes network: the three samples, the second class, the mean as baseline, unless the request says otherwise. */
export async function diabetes(request: Partial<AttributionRequest> & Pick<AttributionRequest, "method">, context?: RunContext): Promise<Attributed> {
  const model = await modelAt("examples/diabetes/model.onnx");
  const whole: AttributionRequest = {
    inputs: { measurements: rows(samples) },
    baselines: { measurements: rows([baseline]) },
    targets: [{ value: "probabilities", index: [1] }],
    ...request,
  };
  return model.attribute(whole, context);
}

export function credit(result: AttributionResult, name = "measurements"): NumberTensor {
  return present(result.attributions[name], `credit of ${name}`);
}

/** The sum of each row of a tensor. */
export function rowSums({ dims, data }: NumberTensor): number[] {
  const count = dims[0] ?? 0;
  const size = data.length / count;
  return Array.from({ length: count }, (_, r) => data.slice(r * size, (r + 1) * size).reduce((s, x) => s + x, 0));
}

/** The largest deviation of two lists, relative to the largest number. */
export function deviation(got: readonly number[], wanted: readonly number[]): number {
  if (got.length !== wanted.length) return Infinity;
  const scale = Math.max(...wanted.map(Math.abs));
  return Math.max(...wanted.map((x, i) => Math.abs((got[i] ?? NaN) - x))) / scale;
}
