import { expect, test } from "vitest";
import { resizeMap } from "../../../src/attribution/program/gradCam.js";
import { Builder } from "../../../src/graph/builder.js";
import type { Graph } from "../../../src/graph/ir.js";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import type { Attributed } from "../../../src/runtime/openModel.js";
import { toNumbers, type Tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, op, run } from "../graph/build.js";
import { credit, diabetes } from "./engine.js";

async function ask(graph: Graph, x: Tensor, request: Partial<AttributionRequest> & Pick<AttributionRequest, "method">): Promise<Attributed> {
  const attributor = createAttributor(graph, {});
  try {
    return await attributor.attribute({ inputs: { x }, targets: [{ value: "y", index: [0] }], ...request });
  } finally {
    await attributor.dispose();
  }
}

const weights = float32([2, 3], [1, 1, 2, 1, -3, -1]);
const outer = float32([3, 1], [1, 2, -1]);
const zero = float32([], [0]);

/** y = 1·h₁⁺ + 2·h₂⁺ − 1·h₃⁺ with h = (x₁ + x₂, x₁ − 3x₂, 2x₁ − x₂); the ReLU as it is written. */
function network(relu: ReturnType<typeof op>, constants: Readonly<Record<string, Tensor>> = {}): Graph {
  return graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["rows", 2] } },
    constants: { weights, outer, zero, ...constants },
    nodes: [op("MatMul", ["x", "weights"], ["h"]), relu, op("MatMul", ["r", "outer"], ["y"])],
    outputs: ["y"],
  });
}

// At (2, 1): h = (3, −1, 3). From above come 1, 2 and −1.
const sample = float32([1, 2], [2, 1]);

test.each([
  ["Relu", op("Relu", ["h"], ["r"])],
  ["Clip from 0 on", op("Clip", ["h", "zero"], ["r"])],
  ["a maximum with 0", op("Max", ["h", "zero"], ["r"])],
  ["a maximum of 0 with it", op("Max", ["zero", "h"], ["r"])],
])("%s: only what is positive passes, where it was active (guided) or anywhere (deconvolution)", async (_, relu) => {
  const graph = network(relu);
  const gradient = await ask(graph, sample, { method: "saliency", options: { abs: false } });
  expect(credit(gradient.result, "x").data).toEqual([-1, 2]);
  const guided = await ask(graph, sample, { method: "guidedBackprop" });
  expect(credit(guided.result, "x").data).toEqual([1, 1]);
  expect(guided.diagnostics.map((d) => d.code)).not.toContain("PLAIN_GRADIENT");
  expect(credit((await ask(graph, sample, { method: "deconvolution" })).result, "x").data).toEqual([3, -5]);
});

test("beyond the upper bound of a clipped ReLU nothing passes", async () => {
  const graph = network(op("Clip", ["h", "zero", "high"], ["r"]), { high: float32([], [2.5]) });
  expect(credit((await ask(graph, sample, { method: "guidedBackprop" })).result, "x").data).toEqual([0, 0]);
  expect(credit((await ask(graph, sample, { method: "deconvolution" })).result, "x").data).toEqual([2, -6]);
});

test("a clip or a maximum that is no ReLU keeps its gradient", async () => {
  for (const relu of [op("Clip", ["h", "low"], ["r"]), op("Max", ["h", "low"], ["r"])]) {
    const graph = network(relu, { low: float32([], [-2]) });
    const { result, diagnostics } = await ask(graph, sample, { method: "guidedBackprop" });
    expect(credit(result, "x").data).toEqual([1, -4]);
    expect(diagnostics.map((d) => d.code)).toContain("PLAIN_GRADIENT");
  }
});

test("neurons through ReLUs: all at once equal one after the other", async () => {
  const graph = network(op("Relu", ["h"], ["r"]));
  const two = float32([2, 2], [2, 1, -1, 3]);
  // The rows' h are (3, −1, 3) and (2, −10, −5).
  const wanted = {
    neuronGuidedBackprop: [1, 1, 0, 0, 2, -1, 1, 1, 0, 0, 0, 0],
    neuronDeconvolution: [1, 1, 1, -3, 2, -1, 1, 1, 1, -3, 2, -1],
  };
  for (const method of ["neuronGuidedBackprop", "neuronDeconvolution"] as const) {
    const all = credit((await ask(graph, two, { method, layer: "r", neuron: "all" })).result, "x");
    expect(all.dims).toEqual([2, 3, 2]);
    expect(all.data).toEqual(wanted[method]);
    const one = credit((await ask(graph, two, { method, layer: "r", neuron: [2] })).result, "x");
    expect(one.data).toEqual([...all.data.slice(4, 6), ...all.data.slice(10, 12)]);
  }
});

test("without a ReLU the numbers are the gradient's, and that is said", async () => {
  for (const [method, plain] of [
    ["guidedBackprop", "saliency"],
    ["deconvolution", "saliency"],
    ["neuronGuidedBackprop", "neuronGradient"],
  ] as const) {
    const at = { layer: "sigmoid_1", neuron: [3], options: { abs: false } };
    const { result, diagnostics } = await diabetes({ ...at, method });
    expect(credit(result).data).toEqual(credit((await diabetes({ ...at, method: plain })).result).data);
    expect(diagnostics.map((d) => d.code)).toEqual(["PLAIN_GRADIENT"]);
  }
});

/** F = Σ w · l with l = 2x; the means of w over the places are 1 and −1/4, so the map is 2x₁ − x₂/2 = (−1/2, 1, 5/2, 4). */
const places = graphOf({
  inputs: { x: { name: "x", dtype: "float32", dims: ["rows", 2, 2, 2] } },
  constants: {
    w: float32([2, 2, 2], [0, 1, 2, 1, 1, -1, -1, 0]),
    two: float32([], [2]),
    axes: { dtype: "int64", dims: [3], data: BigInt64Array.of(1n, 2n, 3n) },
  },
  nodes: [op("Mul", ["x", "two"], ["l"]), op("Mul", ["l", "w"], ["weighed"]), op("ReduceSum", ["weighed", "axes"], ["y"], { keepdims: 0 })],
  outputs: ["y"],
});
const image = float32([1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
const whole = { layer: "l", targets: [{ value: "y", index: [] }] };

test("a class map: the layer weighed with the mean gradient of each channel", async () => {
  for (const method of ["gradCam", "layerGradCam"] as const) {
    expect(credit((await ask(places, image, { ...whole, method })).result, "l")).toEqual({ dims: [1, 1, 2, 2], data: [-0.5, 1, 2.5, 4] });
    expect(credit((await ask(places, image, { ...whole, method, options: { relu: true } })).result, "l").data).toEqual([0, 1, 2.5, 4]);
  }
});

test("guided Grad-CAM multiplies with the positive part of the map", async () => {
  const { result } = await ask(places, image, { ...whole, method: "guidedGradCam" });
  expect(credit(result, "x")).toEqual({ dims: [1, 2, 2, 2], data: [0, 2, 10, 8, 0, -2, -5, 0] });
  await expect(ask(places, image, { ...whole, method: "guidedGradCam", options: { interpolation: "bicubic" } })).rejects.toMatchObject({
    diagnostic: { code: "OPTION_INVALID" },
  });
  // A map of the sums has no places that an image could be covered with, and a row of numbers no channels.
  await expect(ask(places, image, { ...whole, method: "guidedGradCam", layer: "y" })).rejects.toMatchObject({ diagnostic: { code: "UNKNOWN_LAYER" } });
  await expect(diabetes({ method: "guidedGradCam", layer: "sigmoid" })).rejects.toMatchObject({ diagnostic: { code: "UNKNOWN_LAYER" } });
});

test("maps are resized to the nearest cell from below, or by distance between cell centres", async () => {
  const map = float32([1, 1, 2], [0, 10]);
  const sized = async (interpolation: "nearest" | "bilinear", size: number): Promise<number[]> => {
    const empty = graphOf({ inputs: { map }, nodes: [], outputs: [] });
    const b = new Builder(empty, new Map([["map", { dtype: "float32", dims: [1, 1, 2] }]]));
    const name = resizeMap(b, "map", [size], interpolation);
    const out = (await run(b.finish("resize", empty.inputs, [name], { "": 21 }), { map })).get(name);
    return out === undefined ? [] : Array.from(toNumbers(out));
  };
  expect(await sized("nearest", 5)).toEqual([0, 0, 0, 10, 10]);
  expect(await sized("bilinear", 4)).toEqual([0, 2.5, 7.5, 10]);
  expect(await sized("nearest", 1)).toEqual([0]);
  expect(await sized("bilinear", 1)).toEqual([5]);
});
