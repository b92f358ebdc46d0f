import { expect, it } from "vitest";
import { pack } from "../../../src/data/pack.js";
import type { Graph } from "../../../src/graph/ir.js";
import { widenTensor } from "../../../src/graph/widen.js";
import { tensor, toNumbers, type Tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, op } from "../graph/build.js";
import { openGraph } from "./onDisk.js";

type Half = "float16" | "bfloat16";

const code = { float16: 10, bfloat16: 16 } as const;
const half = (dtype: Half, dims: readonly number[], scale = 1): Tensor =>
  pack(
    dtype,
    dims,
    Array.from(toNumbers(float32(dims)), (v) => v * scale),
  );

/** A network of one hidden layer of 64, normalised, with a cast to half in the middle; the weights of the first layer are too large to be converted ahead. */
function network(dtype: Half): { readonly graph: Graph; readonly twin: Graph; readonly x: Tensor } {
  const x = half(dtype, [2, 48]);
  const constants = {
    w: half(dtype, [48, 64], 0.3),
    b: half(dtype, [64]),
    scale: half(dtype, [64]),
    bias: half(dtype, [64]),
    factor: tensor("float32", [], [0.7]),
    v: half(dtype, [64, 3], 0.5),
  };
  const nodes = [
    op("MatMul", ["x", "w"], ["xw"]),
    op("Add", ["xw", "b"], ["hidden"]),
    op("Tanh", ["hidden"], ["active"]),
    op("LayerNormalization", ["active", "scale", "bias"], ["normal"]),
    op("Cast", ["factor"], ["small"], { to: code[dtype] }),
    op("Mul", ["normal", "small"], ["scaled"]),
    op("MatMul", ["scaled", "v"], ["logits"]),
    op("Softmax", ["logits"], ["p"]),
  ];
  const parts = { nodes, outputs: ["p"], opset: 17 };
  const graph = graphOf({ ...parts, inputs: { x }, constants });
  const wide = Object.fromEntries(Object.entries(constants).map(([name, t]) => [name, widenTensor(t)]));
  const plain = nodes.map((n) => (n.op === "Cast" ? op("Identity", ["factor"], ["small"]) : n));
  const info = { name: "x", dtype, dims: ["batch", 48] };
  return {
    x,
    graph: { ...graph, inputs: [info] },
    twin: { ...graphOf({ ...parts, nodes: plain, inputs: {}, constants: wide }), inputs: [{ ...info, dtype: "float32" }] },
  };
}

it.each(["float16", "bfloat16"] as const)("a %s model is explained in float32, as its float32 twin is, and says so", async (dtype) => {
  const { graph, twin, x } = network(dtype);
  const [model, plain] = [await openGraph(graph), await openGraph(twin)];
  expect(model.diagnostics.map((d) => d.code)).toEqual(["PRECISION_WIDENED"]);
  expect(plain.diagnostics).toEqual([]);
  // Samples may come as the file declares them or as float32.
  const wide = widenTensor(x);
  const p = (await model.run({ x }))["p"]!;
  expect(p).toEqual((await plain.run({ x: wide }))["p"]);
  const request = { method: "integratedGradients", targets: [{ value: "p", index: [1] }], options: { tolerance: 1e-3 } } as const;
  const { result } = await model.attribute({ ...request, inputs: { x } });
  const { result: expected } = await plain.attribute({ ...request, inputs: { x: wide } });
  expect(result.attributions).toEqual(expected.attributions);
  const base = (await model.run({ x: tensor("float32", [2, 48], new Array<number>(96).fill(0)) }))["p"]!;
  const credits = result.attributions["x"]!.data;
  for (const row of [0, 1]) {
    const sum = credits.slice(row * 48, row * 48 + 48).reduce((s, c) => s + c, 0);
    expect(sum).toBeCloseTo(Number(p.data[row * 3 + 1]) - Number(base.data[row * 3 + 1]), 4);
  }
});
