import type { PredictionCheck, PythonPrediction, SpokenTensor } from "../protocol/pythonExport.js";
import type { OpenModel } from "../runtime/openModel.js";
import type { Dtype } from "../tensor/dtype.js";
import { tensor, toNumbers, type Tensor } from "../tensor/tensor.js";

/** Runs an exported model on the samples that Python ran, and compares. Null when nothing can be compared: another number of outputs, or of inputs. */
export async function predictionCheck(opened: OpenModel, { inputs, outputs }: PythonPrediction): Promise<PredictionCheck | null> {
  const { graph } = opened;
  const feeds: Record<string, Tensor> = {};
  for (const { name, dtype, dims } of graph.inputs) {
    const spoken = inputs[name];
    if (spoken === undefined || dtype === null) return null;
    feeds[name] = toTensor(dims?.[0] === 1 ? firstRow(spoken) : spoken, dtype);
  }
  const names = graph.outputs.map(({ name }) => name);
  const compared = outputs.flatMap((spoken, i) => {
    const name = names[i];
    return spoken === null || name === undefined ? [] : [{ name, spoken }];
  });
  if (compared.length === 0 || outputs.length !== names.length) return null;
  const said = await opened.run(
    feeds,
    compared.map(({ name }) => name),
  );
  let difference = 0;
  let rows = 0;
  for (const { name, spoken } of compared) {
    const found = said[name];
    if (found === undefined || found.dtype === "string") return null;
    const numbers = toNumbers(found);
    // A file of one row answers for the first of Python's.
    if (numbers.length > spoken.data.length || spoken.data.length % numbers.length !== 0) return null;
    const theirs = Array.from(numbers, (_, i) => Number(spoken.data[i] ?? NaN));
    const largest = Math.max(1, ...theirs.filter(Number.isFinite).map(Math.abs));
    for (const [i, one] of theirs.entries())
      if (Number.isFinite(one) || Number.isFinite(numbers[i])) difference = Math.max(difference, Math.abs(one - (numbers[i] ?? NaN)) / largest || 0);
    rows = found.dims[0] ?? 1;
  }
  return { rows, difference };
}

function firstRow({ dtype, dims, data }: SpokenTensor): SpokenTensor {
  const [rows = 1, ...rest] = dims;
  return { dtype, dims: [1, ...rest], data: data.slice(0, data.length / rows) };
}

function toTensor({ dims, data }: SpokenTensor, dtype: Dtype): Tensor {
  if (dtype === "string") return { dtype, dims, data: data.map((one) => String(one ?? "")) };
  if (dtype === "float16" || dtype === "bfloat16") return tensor("float32", dims, data.map(Number));
  return tensor(
    dtype,
    dims,
    data.map((one) => (one === null ? NaN : Number(one))),
  );
}
