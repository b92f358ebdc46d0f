import { byteSize } from "../tensor/dtype.js";
import type { BoundGraph } from "./bound.js";

/** About 50–200 ms on two cores: short enough for prompt cancel and progress. In multiply-adds times two. */
const operationsPerRun = 6e9;
const bytesPerRun = 256 * 2 ** 20;
/** Elementwise work is bound by memory: one element costs about as much as this many matrix operations. */
const operationsPerElement = 60;
const mostRows = 16384;

/**
 * How many rows (samples × points) go into one run. An estimate from shapes alone, so that the same request is packed the same way and gives the same bytes.
 */
export function rowsPerRun(bound: BoundGraph): number {
  if (!bound.stacked) return 1;
  let operations = 0;
  let bytes = 0;
  const size = (dims: readonly (number | null)[]): number => dims.reduce<number>((n, d) => n * (d ?? 1), 1);
  for (const node of bound.graph.nodes) {
    for (const output of node.outputs) {
      const type = bound.types.get(output);
      if (type === undefined || !type.dims.includes(null)) continue;
      const elements = size(type.dims);
      bytes += elements * Math.max(1, byteSize[type.dtype]);
      operations += elements * operationsPerElement;
      const weights = bound.types.get(node.inputs[1] ?? "");
      if (weights === undefined) continue;
      if (node.op === "MatMul" || node.op === "Gemm") operations += 2 * elements * (bound.types.get(node.inputs[0] ?? "")?.dims.at(-1) ?? 1);
      else if (node.op === "Conv") operations += 2 * elements * size(weights.dims.slice(1));
    }
  }
  const gradient = 3;
  return Math.max(1, Math.min(mostRows, Math.floor(operationsPerRun / (gradient * operations + 1)), Math.floor(bytesPerRun / (gradient * bytes + 1))));
}
