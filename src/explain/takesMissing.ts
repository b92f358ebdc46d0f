import { attribute } from "../graph/attributes.js";
import type { Graph, Node } from "../graph/ir.js";
import { isFloat } from "../tensor/dtype.js";

/** Operators that hand each number on, or change it alone: a missing value (NaN) stays the one it was. */
const handsOn = new Set(["Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Concat", "Scaler", "ArrayFeatureExtractor", "FeatureVectorizer"]);

/**
 * Inputs in which a missing value is a value like others: all that reads them is a tree ensemble, whose branches say where NaN goes, or an Imputer that replaces it.
 * Everything else would make NaN of what it computes.
 * Source: nodes_missing_value_tracks_true and replaced_value_float in https://onnx.ai/onnx/operators/#ai-onnx-ml
 */
export function inputsThatTakeMissing(graph: Graph): ReadonlySet<string> {
  const known = new Map<string, boolean>(graph.outputs.map(({ name }) => [name, false]));
  const takes = (value: string): boolean => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const readers = graph.nodes.filter((node) => node.inputs.includes(value));
    const answer = readers.length > 0 && readers.every((node) => defines(node) || (handsOn.has(node.op) && node.outputs.every(takes)));
    known.set(value, answer);
    return answer;
  };
  return new Set(graph.inputs.filter(({ name, dtype }) => dtype !== null && isFloat(dtype) && takes(name)).map(({ name }) => name));
}

/** Whether the operator says what a missing value means. */
function defines(node: Node): boolean {
  if (node.domain !== "ai.onnx.ml") return false;
  return (
    /^TreeEnsemble(Classifier|Regressor)?$/.test(node.op) || (node.op === "Imputer" && Number.isNaN(attribute(node, "replaced_value_float", "float") ?? 0))
  );
}
