import { afterAll, beforeAll, expect, test } from "vitest";
import type { MethodName } from "../../../src/protocol/names.js";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import { createAttributor, type Attributor } from "../../../src/runtime/attribute.js";
import { tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, int64, op } from "../graph/build.js";
import { modelAt } from "../modelAt.js";
import { credit, deviation, diabetes, rows } from "./engine.js";

/** F = Σ c x²: its gradient 2 c x is linear in x, so that noise of deviation σ gives it mean 2 c x, variance 4 c² σ² and mean square their sum. */
let squares: Attributor;
const slope = [1, -2];
beforeAll(() => {
  const graph = graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["n", 2] } },
    constants: { c: float32([2], slope), axes: int64(1) },
    nodes: [op("Mul", ["x", "x"], ["s"]), op("Mul", ["s", "c"], ["t"]), op("ReduceSum", ["t", "axes"], ["f"])],
    outputs: ["f"],
  });
  squares = createAttributor(graph, {});
});
afterAll(() => squares.dispose());

const sample = [1.5, 0.5];
const sigma = 0.3;
async function about(options: AttributionRequest["options"]): Promise<readonly number[]> {
  const { result } = await squares.attribute({
    method: "saliency",
    inputs: { x: rows([sample]) },
    targets: [{ value: "f", index: [0] }],
    options: { abs: false, ...options },
  });
  return credit(result, "x").data;
}

test("mean, mean square and variance of noisy gradients are those of theory", async () => {
  const options = { noiseSamples: 4000, noiseStdev: sigma, seed: 5 };
  const mean = sample.map((x, i) => 2 * (slope[i] ?? NaN) * x);
  const variance = slope.map((c) => 4 * c * c * sigma * sigma);
  // Standard errors: σ/√n of the mean and about σ² √(2/n) of the variance; four of them.
  expect(deviation(await about({ ...options, noise: "smoothgrad" }), mean)).toBeLessThan(0.03);
  expect(deviation(await about({ ...options, noise: "vargrad" }), variance)).toBeLessThan(0.1);
  expect(
    deviation(
      await about({ ...options, noise: "smoothgradSquared" }),
      mean.map((m, i) => m * m + (variance[i] ?? NaN)),
    ),
  ).toBeLessThan(0.05);
});

test("the mean comes nearer as one over the square root of the number of copies", async () => {
  const wanted = sample.map((x, i) => 2 * (slope[i] ?? NaN) * x);
  const error = async (noiseSamples: number): Promise<number> => {
    let sum = 0;
    for (let seed = 1; seed <= 24; seed++)
      for (const [i, x] of (await about({ noise: "smoothgrad", noiseStdev: sigma, noiseSamples, seed })).entries()) sum += (x - (wanted[i] ?? NaN)) ** 2;
    return Math.sqrt(sum);
  };
  const ratio = (await error(16)) / (await error(256));
  expect(ratio).toBeGreaterThan(2);
  expect(ratio).toBeLessThan(8);
});

test("a seed repeats its numbers, another one does not; the noise is the same for any split into runs", async () => {
  const options = { noise: "smoothgrad", noiseSamples: 10, noiseStdev: 1 };
  expect(await about({ ...options, seed: 1 })).toEqual(await about({ ...options, seed: 1 }));
  expect(await about({ ...options, seed: 1 })).not.toEqual(await about({ ...options, seed: 2 }));
});

test("without noise the copies are the sample: any method gives its own answer", async () => {
  for (const method of ["integratedGradients", "shapleyValues", "layerConductance", "gradientShap", "occlusion"] as const) {
    const request = { method, ...(method === "layerConductance" ? { layer: "sigmoid" } : {}) };
    const plain = (await diabetes(request)).result;
    const { result } = await diabetes({ ...request, options: { noise: "smoothgrad", noiseStdev: 0, noiseSamples: 3 } });
    const name = Object.keys(plain.attributions)[0] ?? "";
    expect(deviation(credit(result, name).data, credit(plain, name).data), method).toBeLessThan(1e-5);
    expect(result.score).toEqual(plain.score?.map((s) => expect.closeTo(s, 6) as number));
    expect(result.delta).toBeNull();
    const spread = (await diabetes({ ...request, options: { noise: "vargrad", noiseStdev: 0, noiseSamples: 3 } })).result;
    expect(Math.max(...credit(spread, name).data.map(Math.abs)), method).toBeLessThan(1e-8);
  }
});

test("noise is given by input and element, and says when there is nothing to move", async () => {
  const still = await about({ noise: "vargrad", noiseStdev: { x: [0, 1] }, noiseSamples: 20 });
  expect(still[0]).toBeLessThan(1e-12);
  expect(still[1]).toBeGreaterThan(1);
  await expect(about({ noise: "smooth" })).rejects.toThrow('There is no noise tunnel "smooth"');
  await expect(about({ noise: "smoothgrad", noiseStdev: "much" })).rejects.toThrow("noiseStdev");
});

test("ids are moved in their embeddings, for methods with gradients", async () => {
  const model = await modelAt("test/fixtures/reference/models/captum/text-module.onnx");
  const ask = async (method: MethodName, options: AttributionRequest["options"] = {}): Promise<readonly number[]> => {
    const inputs = { ids: tensor("int64", [2, 5], [1, 2, 3, 4, 5, 5, 4, 3, 2, 1]) };
    const targets = [{ value: model.graph.outputs[0]?.name ?? "", index: [0] }];
    const { result } = await model.attribute({ method, inputs, targets, baselines: { ids: tensor("int64", [1, 5], [0, 0, 0, 0, 0]) }, options });
    expect(Object.keys(result.attributions)).toEqual(["ids"]);
    expect(credit(result, "ids").dims).toEqual([2, 5]);
    return credit(result, "ids").data;
  };
  for (const method of ["integratedGradients", "saliency", "inputXGradient", "deepLift"] as const) {
    const plain = await ask(method);
    expect(deviation(await ask(method, { noise: "smoothgrad", noiseStdev: 0, noiseSamples: 2 }), plain), method).toBeLessThan(1e-5);
    expect(Math.max(...(await ask(method, { noise: "vargrad", noiseSamples: 4, noiseStdev: 0.1 }))), method).toBeGreaterThan(0);
    // Little noise moves little, and its mean comes back to where it started.
    expect(deviation(await ask(method, { noise: "smoothgrad", noiseStdev: 0.001, noiseSamples: 20 }), plain), method).toBeLessThan(0.05);
  }
  await expect(ask("featureAblation", { noise: "smoothgrad" })).rejects.toThrow("Noise needs an input of numbers");
});

test("noise on embeddings is credited to their ids: credits of each copy add up to its own change", async () => {
  // One copy: the mean is its own credit, whose sum is F(x + ε) − F(x′) of a model that is linear in its embedding.
  const graph = graphOf({
    inputs: { ids: { name: "ids", dtype: "int64", dims: ["n", 2] } },
    constants: { table: float32([3, 2], [0, 0, 1, 2, 3, -1]), w: float32([4, 1], [1, 2, 3, 4]), shape: int64(0, 4) },
    nodes: [op("Gather", ["table", "ids"], ["e"]), op("Reshape", ["e", "shape"], ["flat"]), op("MatMul", ["flat", "w"], ["f"])],
    outputs: ["f"],
  });
  const linear = createAttributor(graph, {});
  const ask = async (method: MethodName): Promise<readonly number[]> => {
    const options = { noise: "smoothgrad", noiseSamples: 1, noiseStdev: 0.5, seed: 9 };
    const { result } = await linear.attribute({ method, inputs: { ids: tensor("int64", [1, 2], [1, 2]) }, targets: [{ value: "f", index: [0] }], options });
    expect(result.score).toEqual([10]);
    return credit(result, "ids").data;
  };
  const path = await ask("integratedGradients");
  expect(path[0]).not.toBeCloseTo(5, 3);
  // Input times gradient of the same copy is the same in a linear model from zero.
  expect(deviation(await ask("inputXGradient"), path)).toBeLessThan(1e-5);
  await linear.dispose();
});
