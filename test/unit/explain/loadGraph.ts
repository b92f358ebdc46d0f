import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeModel } from "../../../src/graph/decode.js";
import type { Graph } from "../../../src/graph/ir.js";
import { parseModel } from "../../../src/onnx/parse.js";

export const examples = join(import.meta.dirname, "../../../examples");

/** The graph of a model of the examples. */
export function exampleGraph(name: string): Graph {
  const file = join(examples, name, "model.onnx");
  return decodeModel(parseModel(new Uint8Array(readFileSync(file)), file)).graph;
}
