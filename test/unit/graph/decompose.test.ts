import { describe, expect, it } from "vitest";
import { decompose, decompositions } from "../../../src/graph/decompose/decompose.js";
import type { Attribute, Types } from "../../../src/graph/ir.js";
import { print } from "../../../src/graph/print.js";
import { prune } from "../../../src/graph/prune.js";
import { verify } from "../../../src/graph/verify.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { difference, float32, floats, graphOf, int64, op, run } from "./build.js";
import { quantisedCases, type DecompositionCase as Case } from "./quantisedCases.js";

const float = (value: number): Attribute => ({ kind: "float", value });
const ids = (dims: readonly number[], values: readonly number[]): Tensor => tensor("int64", dims, values);
const ints = (dims: readonly number[], values: readonly number[]): Tensor => tensor("int32", dims, values);
const bools = (dims: readonly number[], values: readonly number[]): Tensor => ({ dtype: "bool", dims, data: new Uint8Array(values) });

const [rows, length, width] = [2, 3, 8];
const x = float32([rows, length, width]);
const projection = { w: float32([width, 24]), b: float32([24]) };
const qkv = { q: float32([rows, length, width]), k: float32([rows, 4, width]), v: float32([rows, 4, width]) };
const prompt = { q: float32([rows, length, 64]), k: float32([rows, length, 32]), v: float32([rows, length, 32]), lengths: ints([rows], [2, 2]) };
const caches = { cos: float32([6, 2]), sin: float32([6, 2]) };
const norm = { x, skip: float32([rows, length, width]), gamma: float32([width]), beta: float32([width]), bias: float32([width]) };

const ms = "com.microsoft:";
const image = float32([1, 2, 6, 7]);
/** Inside, over the border, outside, and smaller than a pixel. */
const regions = float32([4, 4], [1, 1, 9, 7, -3, -4, 5, 6, 8, 8, 30, 30, 4.2, 4.4, 4.6, 4.9]);
const roi = { inputs: { image, regions }, constants: { of: ids([4], [0, 0, 0, 0]) }, order: ["image", "regions", "of"] };
const cache = { past: float32([3, 4, 6, 2]), update: float32([3, 4, 2, 2]), at: ids([3], [0, 3, 4]) };

const cases: readonly Case[] = [
  ...["half_pixel", "output_half_pixel"].map((mode) => ({
    of: "RoiAlign",
    ...roi,
    attributes: { coordinate_transformation_mode: mode, output_height: 3, output_width: 2, sampling_ratio: 2, spatial_scale: float(0.5) },
  })),
  ...[0, 1].flatMap((align_corners) => [
    {
      of: "AffineGrid",
      inputs: { theta: float32([3, 2, 3]) },
      constants: { size: int64(3, 5, 4, 6) },
      order: ["theta", "size"],
      attributes: { align_corners },
      opset: 20,
    },
    {
      of: "AffineGrid",
      inputs: { theta: float32([3, 3, 4]) },
      constants: { size: int64(3, 5, 2, 3, 4) },
      order: ["theta", "size"],
      attributes: { align_corners },
      opset: 20,
    },
  ]),
  {
    of: "CenterCropPad",
    inputs: { x: float32([3, 5, 8]) },
    constants: { shape: int64(8, 3) },
    order: ["x", "shape"],
    attributes: { axes: { kind: "ints", value: [1, 2] } },
    opset: 18,
  },
  { of: "CenterCropPad", inputs: { x: float32([3, 5, 8]) }, constants: { shape: int64(3, 2, 4) }, order: ["x", "shape"], opset: 18 },
  { of: "TensorScatter", inputs: cache, order: ["past", "update", "at"], opset: 24 },
  { of: "TensorScatter", inputs: { ...cache, at: ids([3], [5, 3, 4]) }, order: ["past", "update", "at"], attributes: { mode: "circular" }, opset: 24 },
  { of: "TensorScatter", inputs: { past: cache.past, update: float32([3, 4, 6, 1]) }, order: ["past", "update"], attributes: { axis: 3 }, opset: 24 },
  ...["euclidean", "sqeuclidean"].map((metric) => ({
    of: `${ms}CDist`,
    inputs: { p: float32([rows, width]) },
    constants: { q: float32([5, width]) },
    order: ["p", "q"],
    attributes: { metric },
  })),
  { of: `${ms}ExpandDims`, inputs: { x }, constants: { axis: ints([], [1]) }, order: ["x", "axis"] },
  { of: `${ms}GatherND`, inputs: { x }, constants: { at: ids([2, 2], [0, 1, 1, 2]) }, order: ["x", "at"] },
  { of: `${ms}Pad`, inputs: { x }, constants: { pads: int64(0, 1, 2, 0, 0, 1) }, order: ["x", "pads"] },
  { of: `${ms}Trilu`, inputs: { x }, order: ["x"], attributes: { upper: 0 } },
  { of: `${ms}FusedMatMul`, inputs: { x, z: float32([rows, length, width]) }, order: ["x", "z"], attributes: { transB: 1, alpha: float(0.5) } },
  { of: `${ms}FusedMatMul`, inputs: { x, z: float32([rows, length, width]) }, order: ["x", "z"], attributes: { transA: 1 } },
  {
    of: `${ms}FusedGemm`,
    inputs: { x: float32([rows, 4]) },
    constants: { w: float32([3, 4]), b: float32([3]) },
    order: ["x", "w", "b"],
    attributes: { transB: 1, activation: "LeakyRelu", activation_alpha: float(0.1) },
  },
  ...[["Relu"], ["Tanh"], ["LeakyRelu", 0.2], ["Clip", -0.3, 0.4], ["HardSigmoid", 0.3, 0.4]].map(([name, ...params]) => ({
    of: `${ms}FusedConv`,
    inputs: { x: float32([rows, 3, 5, 5]), z: float32([rows, 2, 3, 3]) },
    constants: { w: float32([2, 3, 3, 3]), b: float32([2]) },
    order: ["x", "w", "b", "z"],
    attributes: { kernel_shape: [3, 3] as unknown as Attribute, activation: String(name), activation_params: floats(...params.map(Number)) },
  })),
  { of: `${ms}BiasGelu`, inputs: { x }, constants: { b: float32([width]) }, order: ["x", "b"] },
  { of: `${ms}Gelu`, inputs: { x }, order: ["x"] },
  { of: `${ms}FastGelu`, inputs: { x }, constants: { b: float32([width]) }, order: ["x", "b"] },
  { of: `${ms}FastGelu`, inputs: { x }, order: ["x"] },
  { of: `${ms}QuickGelu`, inputs: { x }, order: ["x"], attributes: { alpha: float(1.5) } },
  {
    of: `${ms}SkipLayerNormalization`,
    inputs: { x, skip: norm.skip },
    constants: { gamma: norm.gamma, beta: norm.beta, bias: norm.bias },
    order: ["x", "skip", "gamma", "beta", "bias"],
    outputs: ["y", "", "", "sum"],
    attributes: { epsilon: float(0.01) },
  },
  { of: `${ms}SkipLayerNormalization`, inputs: { x, skip: norm.skip }, constants: { gamma: norm.gamma }, order: ["x", "skip", "gamma"] },
  {
    of: `${ms}SkipSimplifiedLayerNormalization`,
    inputs: { x, skip: norm.skip },
    constants: { gamma: norm.gamma, bias: norm.bias },
    order: ["x", "skip", "gamma", "bias"],
    outputs: ["y", "", "", "sum"],
    attributes: { epsilon: float(0.01) },
  },
  { of: "SimplifiedLayerNormalization", inputs: { x }, constants: { gamma: norm.gamma }, order: ["x", "gamma"], attributes: { epsilon: float(0.01) } },
  {
    of: "RMSNormalization",
    opset: 23,
    inputs: { x },
    constants: { gamma: float32([length, width]) },
    order: ["x", "gamma"],
    attributes: { axis: 1, epsilon: float(0.01) },
  },
  {
    of: `${ms}EmbedLayerNormalization`,
    inputs: {
      ids: ints([rows, length], [1, 2, 0, 3, 3, 1]),
      segments: ints([rows, length], [0, 1, 1, 0, 0, 1]),
      mask: ints([rows, length], [1, 1, 0, 1, 1, 1]),
    },
    constants: { words: float32([4, width]), positions: float32([5, width]), kinds: float32([2, width]), gamma: norm.gamma, beta: norm.beta },
    order: ["ids", "segments", "words", "positions", "kinds", "gamma", "beta", "mask"],
    outputs: ["y", "count"],
    attributes: { epsilon: float(0.001) },
  },
  {
    of: `${ms}EmbedLayerNormalization`,
    inputs: { ids: ints([rows, length], [1, 2, 0, 3, 3, 1]), at: ints([rows, length], [1, 0, 4, 0, 1, 2]) },
    constants: { words: float32([4, width]), positions: float32([5, width]), gamma: norm.gamma, beta: norm.beta },
    order: ["ids", "", "words", "positions", "", "gamma", "beta", "", "at"],
    outputs: ["y", "count"],
  },
  { of: `${ms}RotaryEmbedding`, inputs: { x, at: ids([rows, length], [0, 1, 2, 3, 4, 5]) }, constants: caches, order: ["x", "at", "cos", "sin"] },
  { of: `${ms}RotaryEmbedding`, inputs: { x }, constants: { ...caches, at: int64(1) }, order: ["x", "at", "cos", "sin"], attributes: { interleaved: 1 } },
  {
    of: `${ms}RotaryEmbedding`,
    inputs: { x: float32([rows, 2, length, 8]), at: ids([rows, length], [0, 1, 2, 3, 4, 5]) },
    constants: caches,
    order: ["x", "at", "cos", "sin"],
    attributes: { rotary_embedding_dim: 4, num_heads: 2 },
  },
  {
    of: "RotaryEmbedding",
    opset: 23,
    inputs: { x: float32([rows, 2, length, 4]), at: ids([rows, length], [0, 1, 2, 3, 4, 5]) },
    constants: caches,
    order: ["x", "cos", "sin", "at"],
  },
  {
    of: "RotaryEmbedding",
    opset: 23,
    inputs: { x, cos: float32([rows, length, 2]), sin: float32([rows, length, 2]) },
    order: ["x", "cos", "sin"],
    attributes: { num_heads: 2, interleaved: 1 },
  },
  { of: `${ms}Attention`, inputs: { x }, constants: projection, order: ["x", "w", "b"], attributes: { num_heads: 2 } },
  {
    of: `${ms}Attention`,
    inputs: { x, lengths: ints([rows], [2, 3]) },
    constants: projection,
    order: ["x", "w", "b", "lengths"],
    attributes: { num_heads: 2, scale: float(0.7) },
  },
  {
    of: `${ms}Attention`,
    inputs: { x, mask: ints([rows, length], [1, 1, 0, 1, 0, 1]) },
    constants: projection,
    order: ["x", "w", "b", "mask"],
    attributes: { num_heads: 4, unidirectional: 1 },
  },
  {
    of: `${ms}Attention`,
    inputs: { x, bias: float32([1, 2, length, length]) },
    constants: projection,
    order: ["x", "w", "b", "", "", "bias"],
    attributes: { num_heads: 2 },
  },
  {
    of: `${ms}Attention`,
    inputs: { x, past: float32([2, rows, 2, 2, 4]) },
    constants: projection,
    order: ["x", "w", "b", "", "past"],
    outputs: ["y", "present"],
    attributes: { num_heads: 2, unidirectional: 1 },
  },
  { of: `${ms}MultiHeadAttention`, inputs: qkv, constants: { b: float32([24]) }, order: ["q", "k", "v", "b"], attributes: { num_heads: 2 } },
  {
    of: `${ms}MultiHeadAttention`,
    inputs: { ...qkv, mask: ints([rows, 4], [1, 1, 0, 1, 1, 0, 1, 1]), bias: float32([rows, 2, length, 4]) },
    order: ["q", "k", "v", "", "mask", "bias"],
    attributes: { num_heads: 2, mask_filter_value: float(-50) },
  },
  {
    of: `${ms}MultiHeadAttention`,
    inputs: { q: qkv.q, k: float32([rows, 2, 4, 4]), v: float32([rows, 2, 4, 4]) },
    order: ["q", "k", "v"],
    attributes: { num_heads: 2 },
  },
  {
    of: `${ms}MultiHeadAttention`,
    inputs: { q: x, k: float32([rows, length, width]), v: float32([rows, length, width]), pk: float32([rows, 2, 2, 4]), pv: float32([rows, 2, 2, 4]) },
    order: ["q", "k", "v", "", "", "", "pk", "pv"],
    outputs: ["y", "k2", "v2"],
    attributes: { num_heads: 2, unidirectional: 1 },
  },
  ...[0, 1].map((rotaryOn) => ({
    of: `${ms}GroupQueryAttention`,
    inputs: prompt,
    constants: { cos: float32([6, 8]), sin: float32([6, 8]), total: ints([], [3]) },
    order: ["q", "k", "v", "", "", "lengths", "total", ...(rotaryOn === 1 ? ["cos", "sin"] : [])],
    outputs: ["y", "k2", "v2"],
    attributes: { num_heads: 4, kv_num_heads: 2, do_rotary: rotaryOn, softcap: float(2) },
  })),
  {
    of: `${ms}GroupQueryAttention`,
    inputs: { x: float32([rows, length, 64]), lengths: prompt.lengths },
    constants: { total: ints([], [3]) },
    order: ["x", "", "", "", "", "lengths", "total"],
    outputs: ["y", "k2", "v2"],
    attributes: { num_heads: 4, kv_num_heads: 2, local_window_size: 2 },
  },
  { of: "Attention", opset: 23, inputs: qkv, order: ["q", "k", "v"], attributes: { q_num_heads: 2, kv_num_heads: 2 } },
  {
    of: "Attention",
    opset: 23,
    inputs: { ...qkv, mask: float32([length, 4]) },
    order: ["q", "k", "v", "mask"],
    attributes: { q_num_heads: 2, kv_num_heads: 2, scale: float(0.3) },
  },
  {
    of: "Attention",
    opset: 23,
    inputs: { ...qkv, mask: bools([rows, 1, length, 4], [1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1]) },
    order: ["q", "k", "v", "mask"],
    attributes: { q_num_heads: 2, kv_num_heads: 2 },
  },
  {
    of: "Attention",
    opset: 23,
    inputs: { q: x, k: qkv.q, v: float32([rows, length, width]), mask: bools([length, length], [0, 1, 1, 1, 0, 0, 0, 0, 0]) },
    order: ["q", "k", "v", "mask"],
    attributes: { q_num_heads: 2, kv_num_heads: 2, is_causal: 1 },
  },
  {
    of: "Attention",
    opset: 23,
    inputs: { q: float32([rows, 4, length, 4]), k: float32([rows, 2, length, 4]), v: float32([rows, 2, length, 4]) },
    order: ["q", "k", "v"],
    attributes: { is_causal: 1, softcap: float(0.5) },
  },
  {
    of: "Attention",
    opset: 23,
    inputs: {
      q: float32([rows, 2, length, 4]),
      k: float32([rows, 2, length, 4]),
      v: float32([rows, 2, length, 4]),
      pk: float32([rows, 2, 2, 4]),
      pv: float32([rows, 2, 2, 4]),
    },
    order: ["q", "k", "v", "", "pk", "pv"],
    outputs: ["y", "k2", "v2", "scores"],
  },
  ...quantisedCases,
];

function setUp(c: Case) {
  const [domain = "", name = ""] = c.of.includes(":") ? c.of.split(":") : ["", c.of];
  const outputs = c.outputs ?? ["y"];
  const opsets = { "": c.opset ?? 21, "com.microsoft": 1 };
  return graphOf({
    inputs: c.inputs,
    ...(c.constants === undefined ? {} : { constants: c.constants }),
    nodes: [op(name, c.order, outputs, c.attributes, domain)],
    outputs: outputs.filter((o) => o !== ""),
    opsets,
  });
}

/** Types as binding gives them: axis 0 of everything fed follows the batch. */
function typesOf(...values: readonly ReadonlyMap<string, Tensor>[]): Types {
  return new Map(
    values.flatMap((map) => [...map].map(([name, t]) => [name, { dtype: t.dtype, dims: t.dims.map((d, i) => (i === 0 && d === rows ? null : d)) }] as const)),
  );
}

describe("decompose", () => {
  it.each(cases.map((c) => ({ c, label: `${c.of}(${c.order.join(", ")}) ${JSON.stringify(c.attributes ?? {})}` })))(
    "computes what the runtime's kernel does: $label",
    async ({ c }) => {
      const graph = setUp(c);
      const expected = await run(graph, c.inputs);
      const inputTypes: Types = typesOf(new Map(Object.entries(c.inputs)), expected);
      const decomposed = decompose(graph, inputTypes);
      expect([...decomposed.left]).toEqual([]);
      verify(decomposed.graph);
      expect(decomposed.graph.nodes.some((n) => `${n.domain}:${n.op}` === `${graph.nodes[0]?.domain}:${graph.nodes[0]?.op}` && n.op !== "Gelu")).toBe(false);
      expect(difference(expected, await run(prune(decomposed.graph), c.inputs))).toBeLessThan(1e-5);
      for (const [name, t] of expected) expect(decomposed.types.get(name)?.dims.map((d) => d ?? rows)).toEqual(t.dims);
    },
  );

  it("has a case for every decomposition", () => {
    expect(Object.keys(decompositions).filter((name) => !cases.some((c) => c.of === name))).toEqual([]);
  });

  it("leaves what it can't take apart and says why", () => {
    const c = cases.find((one) => one.of === `${ms}FusedConv`)!;
    const graph = setUp({ ...c, attributes: { ...c.attributes, activation: "Secret" } });
    const result = decompose(
      graph,
      new Map([
        ["x", { dtype: "float32", dims: [null, 3, 5, 5] }],
        ["y", { dtype: "float32", dims: [null, 2, 3, 3] }],
        ["z", { dtype: "float32", dims: [null, 2, 3, 3] }],
      ]),
    );
    expect(result.graph.nodes).toEqual(graph.nodes);
    expect([...result.left.values()]).toEqual(['the fused activation "Secret" is not known']);
  });

  it("prints attention as plain operators", async () => {
    const c = cases.find((one) => one.of === `${ms}Attention` && one.order.includes("lengths"))!;
    const graph = setUp(c);
    await expect(print(prune(decompose(graph, typesOf(new Map(Object.entries(c.inputs)))).graph))).toMatchFileSnapshot(
      "../../golden/graph/decompose-attention.txt",
    );
  });
});
