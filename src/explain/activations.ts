import type { LayerActivation } from "../protocol/explanation.js";
import type { ExplainRequest } from "../protocol/request.js";
import type { OpenModel } from "../runtime/openModel.js";
import { isFloat } from "../tensor/dtype.js";
import { toNumbers } from "../tensor/tensor.js";
import { findLayers } from "./layers.js";
import { feedsOf } from "./prepare.js";
import { prepareRows } from "./sampleRows.js";
import { readSetting } from "./setting.js";

/** Every layer's value is an output of the run: beyond this many, the run would hold too much at once. */
const mostLayers = 400;

/** The range of what each layer puts out for the request's first row: one run of the model. Layers of a very large model beyond the first are left out. */
export async function layerActivations(request: ExplainRequest, open: (file: string) => Promise<OpenModel>): Promise<readonly LayerActivation[]> {
  const opened = await open(request.model);
  const setting = await readSetting(request, opened);
  const first = request.rows === undefined || request.rows === "all" ? [0] : request.rows.slice(0, 1);
  const { rows } = await prepareRows(setting, { ...request, rows: first });
  const layers = findLayers(opened.graph)
    .flatMap(({ path, values: [value] }) => (value === undefined ? [] : [{ path, value }]))
    .slice(0, mostLayers);
  const outputs = await opened.run(feedsOf(rows), [...new Set(layers.map(({ value }) => value))]);
  return layers.flatMap(({ path, value }): LayerActivation[] => {
    const tensor = outputs[value];
    if (tensor === undefined || !isFloat(tensor.dtype)) return [];
    const numbers = toNumbers(tensor);
    if (numbers.length === 0) return [];
    let [least, most, total] = [Infinity, -Infinity, 0];
    for (const number of numbers) {
      least = Math.min(least, number);
      most = Math.max(most, number);
      total += number;
    }
    return [{ path, least, most, mean: total / numbers.length }];
  });
}
