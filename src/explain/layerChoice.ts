import { closest } from "../base/closest.js";
import { ExplainError } from "../base/diagnostic.js";
import type { LayerInfo } from "../protocol/explanation.js";
import type { Graph } from "../graph/ir.js";
import { findLayers } from "./layers.js";

const listed = 12;

/**
 * The value whose units a layer or neuron method looks at: `auto`, a module path, or a value's name. `auto` is the last layer before the one with the model's last weights:
 * the last hidden layer, whose units still mean something by themselves. Several with commas between them are one layer of several values. Throws UNKNOWN_LAYER with what there is.
 * @param places the layer should have channels and places: `auto` is the last convolution's, behind its activation
 */
export function chooseLayer(graph: Graph, asked: string, places = false): string {
  const layers = findLayers(graph);
  if (asked === "auto") return (places ? lastPlaces(graph) : undefined) ?? automatic(graph, layers);
  const layer = layers.find((l) => l.path === asked);
  const value = layer?.values[0];
  if (value !== undefined) return value;
  if (graph.nodes.some((node) => node.outputs.includes(asked))) return asked;
  if (asked.includes(",")) {
    const parts = asked.split(",").map((part) => chooseLayer(graph, part.trim()));
    return parts.join(",");
  }
  const paths = layers.map((l) => l.path).filter((path) => path !== "");
  const near = closest(asked, [...paths, ...layers.flatMap((l) => l.values)]);
  const input = graph.inputs.some((i) => i.name === asked);
  throw new ExplainError("UNKNOWN_LAYER", input ? `"${asked}" is an input of the model, not a layer.` : `The model has no layer or value named "${asked}".`, {
    hint: `${near === undefined ? "" : `Did you mean "${near}"? `}Layers: ${paths.slice(0, listed).join(", ")}${paths.length > listed ? `, … ("explain-prediction inspect" lists all ${paths.length})` : ""}.`,
  });
}

function automatic(graph: Graph, layers: readonly LayerInfo[]): string {
  const outputs = new Set(graph.outputs.map((o) => o.name));
  const lastWeights = layers.findLastIndex((layer) => layer.parameters > 0);
  const hidden = layers.slice(0, Math.max(0, lastWeights)).filter((layer) => layer.values.some((value) => !outputs.has(value)));
  const value = (hidden.at(-1) ?? layers[0])?.values.find((v) => !outputs.has(v));
  if (value === undefined) throw new ExplainError("UNKNOWN_LAYER", "The model has no hidden layer to choose.", { hint: "Name a value with --layer." });
  return value;
}

const convolutions = new Set(["Conv", "ConvTranspose", "FusedConv"]);
/** What belongs to a convolution behind it. */
const finishing = new Set(["Add", "BatchNormalization", "Relu", "LeakyRelu", "PRelu", "Elu", "Clip", "HardSwish", "Gelu", "Mish"]);

/** The value with channels and places that is nearest to the output: what the last convolution makes. Undefined for a model without any. */
export function lastPlaces(graph: Graph): string | undefined {
  let value = graph.nodes.findLast((node) => convolutions.has(node.op))?.outputs[0];
  for (;;) {
    const readers = value === undefined ? [] : graph.nodes.filter((node) => node.inputs.includes(value ?? ""));
    const [next] = readers;
    if (next === undefined || readers.length > 1 || !finishing.has(next.op)) return value;
    value = next.outputs[0];
  }
}
