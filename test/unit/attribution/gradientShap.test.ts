import { expect, test } from "vitest";
import type { MethodName } from "../../../src/protocol/names.js";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import type { AttributionResult } from "../../../src/attribution/plan.js";
import { present } from "../../../src/base/assert.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import { float32, graphOf, op } from "../graph/build.js";
import { credit, deviation, diabetes, rows, rowSums, samples } from "./engine.js";

const baselines = [
  [4, 121, 69, 20, 80, 32, 0.47, 33],
  [0, 90, 60, 10, 0, 22, 0.2, 22],
  [9, 160, 90, 40, 200, 40, 1.1, 60],
  [1, 100, 50, 30, 90, 36, 0.7, 25],
];
const distribution = { measurements: rows(baselines) };

const forms: readonly (Pick<AttributionRequest, "method"> & Partial<AttributionRequest> & { readonly single: MethodName; readonly key: string })[] = [
  { method: "gradientShap", single: "integratedGradients", key: "measurements" },
  { method: "layerGradientShap", single: "layerIntegratedGradients", layer: "sigmoid", key: "sigmoid" },
  { method: "neuronGradientShap", single: "neuronIntegratedGradients", layer: "sigmoid", neuron: [2], key: "measurements" },
];

/** The mean over the baselines, asked one by one. */
async function oneByOne(request: (typeof forms)[number]): Promise<number[]> {
  const { single, key, ...rest } = request;
  const each: AttributionResult[] = [];
  for (const row of baselines) each.push((await diabetes({ ...rest, method: single, baselines: { measurements: rows([row]) } })).result);
  return credit(present(each[0], "result"), key).data.map((_, i) => each.reduce((sum, r) => sum + (credit(r, key).data[i] ?? NaN), 0) / each.length);
}

test.each(forms)("$method is $single averaged over the baselines", async (form) => {
  const { single: _, key, ...request } = form;
  const { result } = await diabetes({ ...request, baselines: distribution });
  expect(deviation(credit(result, key).data, await oneByOne(form))).toBeLessThan(1e-5);
  expect(result.converged).toBe(true);
});

test("credits of expected gradients add up to the change from the mean score of the baselines", async () => {
  const { result } = await diabetes({ method: "gradientShap", baselines: distribution, options: { tolerance: 1e-4 } });
  const change = result.score?.map((s, r) => s - (result.baselineScore?.[r] ?? NaN)) ?? [];
  expect(deviation(rowSums(credit(result)), change)).toBeLessThan(1e-3);
  expect(result.delta?.every((d) => Math.abs(d) < 1e-3)).toBe(true);
});

test.each(forms)("$method from random draws comes nearer to its exact value as one over the square root of their number", async (form) => {
  const { single: _, key, ...request } = form;
  const exact = credit((await diabetes({ ...request, baselines: distribution, options: { tolerance: 1e-4 } })).result, key).data;
  /** Root mean square error over seeds and elements. */
  const error = async (count: number): Promise<number> => {
    const squares: number[] = [];
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { result } = await diabetes({ ...request, baselines: distribution, options: { samples: count, seed } });
      squares.push(...credit(result, key).data.map((x, i) => (x - (exact[i] ?? NaN)) ** 2));
    }
    return Math.sqrt(squares.reduce((s, x) => s + x, 0) / squares.length);
  };
  const ratio = (await error(32)) / (await error(512));
  // Sixteen times the draws are a quarter of the error; twice as much either way is far outside what eight seeds leave to chance.
  expect(ratio).toBeGreaterThan(2);
  expect(ratio).toBeLessThan(8);
});

test("intervals of random draws hold the exact value, and a seed repeats its numbers", async () => {
  const request = { method: "gradientShap", baselines: distribution } as const;
  const exact = credit((await diabetes({ ...request, options: { tolerance: 1e-4 } })).result).data;
  const { result } = await diabetes({ ...request, options: { samples: 400, seed: 3 } });
  const half = result.error?.["measurements"]?.data ?? [];
  const held = exact.filter((x, i) => Math.abs((credit(result).data[i] ?? NaN) - x) <= (half[i] ?? NaN) + 1e-6).length;
  expect(held).toBeGreaterThan(19);
  expect((await diabetes({ ...request, options: { samples: 400, seed: 3 } })).result.attributions).toEqual(result.attributions);
  expect((await diabetes({ ...request, options: { samples: 400, seed: 4 } })).result.attributions).not.toEqual(result.attributions);
});

test("Captum's layer variant multiplies the mean gradient on the input's path by the layer's change", async () => {
  // y = x², F = 3 y, x′ = 0: ∂F/∂y is 3 everywhere, so every draw gives 3 · (x² − 0).
  const graph = graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["n", 2] } },
    constants: { three: float32([1], [3]) },
    nodes: [op("Mul", ["x", "x"], ["y"]), op("Mul", ["y", "three"], ["f"])],
    outputs: ["f"],
  });
  const attributor = createAttributor(graph, {});
  const { result } = await attributor.attribute({
    method: "layerGradientShap",
    inputs: { x: rows([[2, -1]]) },
    baselines: {
      x: rows([
        [0, 0],
        [0, 0],
      ]),
    },
    layer: "y",
    targets: [{ value: "f", index: [0] }],
    options: { variant: "captum", samples: 3 },
  });
  await attributor.dispose();
  expect(deviation(credit(result, "y").data, [12, 0])).toBeLessThan(1e-6);
});

test("several baselines of any method are averaged when they are a distribution", async () => {
  for (const method of ["featureAblation", "integratedGradients"] as const) {
    const { result } = await diabetes({ method, baselines: distribution, distribution: true });
    const each: AttributionResult[] = [];
    for (const row of baselines) each.push((await diabetes({ method, baselines: { measurements: rows([row]) } })).result);
    const wanted = credit(result).data.map((_, i) => each.reduce((sum, r) => sum + (credit(r).data[i] ?? NaN), 0) / each.length);
    expect(deviation(credit(result).data, wanted), method).toBeLessThan(1e-5);
  }
});

test("several targets a row are explained in one run as each alone", async () => {
  const classes = [0, 1].map((index) => ({ value: "probabilities", index: [index] }));
  const { result } = await diabetes({ method: "integratedGradients", targets: samples.flatMap(() => classes), targetsPerRow: 2 });
  expect(result.score).toHaveLength(6);
  for (const [c, target] of classes.entries()) {
    const alone = (await diabetes({ method: "integratedGradients", targets: [target] })).result;
    samples.forEach((_, r) => {
      const at = (2 * r + c) * 8;
      expect(deviation(credit(result).data.slice(at, at + 8), credit(alone).data.slice(r * 8, r * 8 + 8))).toBeLessThan(1e-5);
      expect(result.score?.[2 * r + c]).toBeCloseTo(alone.score?.[r] ?? NaN, 6);
    });
  }
});
