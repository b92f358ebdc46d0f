import { basename } from "node:path";
import { companionFolder } from "../base/exportPlace.js";
import type { Model } from "../graph/ir.js";
import type { LayerInfo, ModelOutline } from "../protocol/explanation.js";
import { findLayers } from "./layers.js";
import { modelValue } from "./setting.js";
import { locateLayers } from "./sources.js";

/** What a model file says of itself, without opening it in the runtime: a first look at large models. `sources`: the folder with the code that made it; default the model's own. */
export async function outline(file: string, bytes: number, model: Model, sources?: string): Promise<ModelOutline> {
  const { graph, producer } = model;
  const layers = findLayers(graph).map((layer) => withShape(layer, model));
  return {
    model: { file: basename(file), bytes, producer, opset: graph.opsets },
    inputs: graph.inputs.map(modelValue),
    outputs: graph.outputs.map(modelValue),
    layers: await locateLayers(graph, layers, sources ?? companionFolder(file)),
  };
}

/** The layer with the shape of its first value, where the file declares one. */
export function withShape(layer: LayerInfo, { graph, declared }: Model): LayerInfo {
  const [value = ""] = layer.values;
  const dims = declared?.get(value)?.dims ?? graph.outputs.find(({ name }) => name === value)?.dims;
  return dims == null ? layer : { ...layer, dims };
}
