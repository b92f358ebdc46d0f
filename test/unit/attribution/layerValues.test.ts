import { afterAll, expect, test } from "vitest";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import { float32, graphOf, op } from "../graph/build.js";
import { credit, deviation } from "./engine.js";

/** A layer with two outputs, a = 2x and b = tanh(x), that meet in y = a · b. */
const attributor = createAttributor(
  graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["rows", 2, 2] } },
    constants: { two: float32([], [2]) },
    nodes: [op("Mul", ["x", "two"], ["a"]), op("Tanh", ["x"], ["b"]), op("Mul", ["a", "b"], ["y"])],
    outputs: ["y"],
  }),
  {},
);
afterAll(() => attributor.dispose());

const x = [0.5, -1, 2, 0.25];
const ask = (request: Pick<AttributionRequest, "method"> & Partial<AttributionRequest>): ReturnType<typeof attributor.attribute> =>
  attributor.attribute({ inputs: { x: float32([1, 2, 2], x) }, targets: [{ value: "y", index: [1, 0] }], options: { tolerance: 1e-5 }, ...request });

test.each([
  "layerActivation",
  "layerGradientXActivation",
  "layerConductance",
  "internalInfluence",
  "layerLrp",
  "layerGradCam",
  "gradCam",
  "layerFeatureAblation",
  "layerDeepLift",
  "layerDeepLiftShap",
] as const)("%s: the values of a layer together have the numbers that each has alone", async (method) => {
  const { result } = await ask({ method, layer: "a, b" });
  expect(Object.keys(result.attributions)).toEqual(["a", "b"]);
  for (const layer of ["a", "b"]) {
    const alone = credit((await ask({ method, layer })).result, layer);
    expect(credit(result, layer).dims).toEqual(alone.dims);
    expect(deviation(credit(result, layer).data, alone.data)).toBeLessThan(1e-5);
  }
});

test("what follows a path in the layer moves all of its values at once", async () => {
  const [a, b] = [4, Math.tanh(2)];
  for (const method of ["layerIntegratedGradients", "layerGradientShap"] as const) {
    const { result } = await ask({ method, layer: "a,b" });
    const wanted = [0, 0, (a * b) / 2, 0];
    expect(deviation(credit(result, "a").data, wanted), method).toBeLessThan(1e-4);
    expect(deviation(credit(result, "b").data, wanted), method).toBeLessThan(1e-4);
    expect(result.delta?.[0] ?? NaN, method).toBeCloseTo(0, 4);
    // Alone it moves against the other's full value.
    expect(deviation(credit((await ask({ method, layer: "a" })).result, "a").data, [0, 0, a * b, 0])).toBeLessThan(1e-4);
  }
});

test("multipliers of all values together add up to the change in score", async () => {
  for (const method of ["layerDeepLift", "layerDeepLiftShap"] as const) {
    const { result } = await ask({ method, layer: "a,b" });
    const sum = ["a", "b"].flatMap((layer) => [...credit(result, layer).data]).reduce((total, x) => total + x, 0);
    expect(sum, method).toBeCloseTo((result.score?.[0] ?? NaN) - (result.baselineScore?.[0] ?? NaN), 5);
    expect(result.delta?.[0] ?? NaN, method).toBeCloseTo(0, 5);
  }
});

test("a neuron is one of one value's: several are refused, and what to do is said", async () => {
  for (const method of ["neuronGradient", "neuronConductance", "neuronDeepLift", "neuronFeatureAblation"] as const)
    await expect(ask({ method, layer: "a,b", neuron: [0, 0] }), method).rejects.toMatchObject({
      diagnostic: { code: "OPTION_INVALID", hint: expect.stringContaining("--layer a") as string },
    });
});

test("a name among several that the model does not have is said", async () => {
  await expect(ask({ method: "layerConductance", layer: "a,c" })).rejects.toMatchObject({ diagnostic: { code: "UNKNOWN_LAYER" } });
});
