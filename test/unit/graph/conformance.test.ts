import { readdirSync, readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { resolveControl } from "../../../src/graph/control/resolveControl.js";
import { decodeModel } from "../../../src/graph/decode.js";
import { decodeTensor } from "../../../src/graph/decodeTensor.js";
import { fold } from "../../../src/graph/fold.js";
import { readInitializer } from "../../../src/graph/initializer.js";
import { inlineFunctions } from "../../../src/graph/inline.js";
import { prune } from "../../../src/graph/prune.js";
import { unroll } from "../../../src/graph/unroll/unroll.js";
import { upgrade } from "../../../src/graph/upgrade/upgrade.js";
import { verify } from "../../../src/graph/verify.js";
import { TensorProtoSchema } from "../../../src/onnx/generated/onnx_pb.js";
import { parseModel } from "../../../src/onnx/parse.js";
import type { Tensor } from "../../../src/tensor/tensor.js";
import { difference, run } from "./build.js";

const folder = new URL("../../fixtures/conformance/", import.meta.url);
const names = readdirSync(folder, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name);

function load(name: string, file: string): Tensor {
  return readInitializer(decodeTensor(fromBinary(TensorProtoSchema, readFileSync(new URL(`${name}/${file}`, folder)))));
}

const taken = new Set(["LSTM", "GRU", "RNN", "If", "Loop", "Scan"]);

it.each(names)("the passes keep what %s must give", async (name) => {
  const { graph, ...model } = decodeModel(parseModel(readFileSync(new URL(`${name}/model.onnx`, folder)), name));
  const feeds = Object.fromEntries(graph.inputs.map((input, i) => [input.name, load(name, `input_${i}.pb`)]));
  const expected = new Map(graph.outputs.map((output, i) => [output.name, load(name, `output_${i}.pb`)]));
  const types = new Map([...Object.entries(feeds), ...expected].map(([key, t]) => [key, { dtype: t.dtype, dims: t.dims }]));
  const folded = await fold(upgrade(inlineFunctions({ ...model, graph })), (constants) => run(constants));
  const { graph: resolved } = await resolveControl(folded, (probe) => run(probe, feeds));
  const plain = prune(unroll(resolved, types).graph);
  verify(plain);
  expect(plain.nodes.filter((n) => taken.has(n.op))).toEqual([]);
  expect(difference(expected, await run(plain, feeds))).toBeLessThan(1e-5);
});
