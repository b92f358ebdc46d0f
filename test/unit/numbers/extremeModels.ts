import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeModel } from "../../../src/graph/encode.js";
import type { Graph } from "../../../src/graph/ir.js";
import { serializeModel } from "../../../src/onnx/parse.js";
import { afterAll } from "vitest";
import { float32, graphOf, op } from "../graph/build.js";

const folder = mkdtempSync(join(tmpdir(), "explain-numbers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let serial = 0;

/** A graph as a model file whose rows are free and whose outputs are float32. */
function fileOf(graph: Graph): string {
  const file = join(folder, `${serial++}.onnx`);
  const inputs = graph.inputs.map((i) => ({ ...i, dims: ["batch", ...(i.dims ?? []).slice(1)] }));
  const outputs = graph.outputs.map((o) => ({ ...o, dtype: "float32" as const, dims: ["batch", null] }));
  writeFileSync(file, serializeModel(encodeModel({ ...graph, inputs, outputs })));
  return file;
}

const first = [0.5, -1, 2, 0.3, -0.4, 0.8, 1, -0.6, 0.2, 0.9, -0.7, 0.1];
const second = [1, -1, 0.5, 0.5, -0.3, 0.8];

/** Four features, three units with Relu, two classes: the first layer's weights are changed by `change`, the second's are `weights`. */
export function network(change: (w: number, i: number) => number = (w) => w, weights: readonly number[] = second, softmax = true): string {
  return fileOf(
    graphOf({
      inputs: { x: float32([1, 4]) },
      constants: {
        w1: float32([4, 3], first.map(change)),
        b1: float32([3], [0.1, 0.2, -0.1]),
        w2: float32([3, 2], weights),
        b2: float32([2], [0.05, -0.05]),
      },
      nodes: [
        op("Gemm", ["x", "w1", "b1"], ["h"]),
        op("Relu", ["h"], ["r"]),
        op("Gemm", ["r", "w2", "b2"], ["z"]),
        ...(softmax ? [op("Softmax", ["z"], ["probabilities"], { axis: -1 })] : []),
      ],
      outputs: [softmax ? "probabilities" : "z"],
    }),
  );
}

/** One operator of the sum of four features. */
export function ofSum(operator: string): string {
  return fileOf(
    graphOf({
      inputs: { x: float32([1, 4]) },
      constants: { w: float32([4, 1], [1, 1, 1, 1]) },
      nodes: [op("MatMul", ["x", "w"], ["s"]), op(operator, ["s"], ["y"])],
      outputs: ["y"],
    }),
  );
}

/** A row of numbers as a file of samples that keeps NaN and infinities: NPY, version 1.0. */
export function rowFile(values: readonly number[]): string {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (1, ${values.length}), }`;
  const header = `${text.padEnd(118 - 1, " ")}\n`;
  const file = join(folder, `${serial++}.npy`);
  const start = Buffer.concat([Buffer.from([0x93]), Buffer.from("NUMPY"), Buffer.from([1, 0, header.length, 0]), Buffer.from(header)]);
  writeFileSync(file, Buffer.concat([start, Buffer.from(Float32Array.from(values).buffer)]));
  return file;
}
