import { expect, test } from "vitest";
import { unitGroups } from "../../../src/explain/unitGroups.js";
import { explain } from "../../../src/explain/explain.js";
import { openModel } from "../../../src/runtime/open.js";
import { graphOf, op } from "../graph/build.js";

const graph = graphOf({
  nodes: [
    op("Conv", ["x", "w"], ["c"]),
    op("Relu", ["c"], ["r"]),
    op("MaxPool", ["r"], ["p"]),
    op("Flatten", ["p"], ["flat"]),
    op("MatMul", ["t", "v"], ["m"]),
  ],
  outputs: ["flat", "m"],
});

test("units behind a convolution are added up by channel", () => {
  const credit = { dims: [2, 1, 3], data: [1, 2, 3, -1, 0, 5] };
  for (const value of ["c", "r", "p"]) expect(unitGroups(graph, value, credit), value).toEqual({ by: "channel", data: [6, 4] });
});

test("units of a sequence are added up by position, those of a plain layer not at all", () => {
  expect(unitGroups(graph, "m", { dims: [2, 2], data: [1, 2, 3, 4] })).toEqual({ by: "position", data: [3, 7] });
  expect(unitGroups(graph, "flat", { dims: [4], data: [1, 2, 3, 4] })).toBeUndefined();
  expect(unitGroups(graph, "m", { dims: [4, 1], data: [1, 2, 3, 4] })).toBeUndefined();
  expect(unitGroups(graph, "m", { dims: [1, 2, 2], data: [1, 2, 3, 4] })).toBeUndefined();
});

test("a channel is a unit like any other: its drivers are the sum of those of its units", async () => {
  const model = await openModel("test/fixtures/reference/models/captum/convnet.onnx");
  const input = model.graph.inputs[0]?.name ?? "";
  const layer = model.graph.nodes.find((node) => node.op === "Conv")?.outputs[0] ?? "";
  const values = { [input]: JSON.stringify(Array.from({ length: 100 }, (_, i) => Math.sin(i))) };
  const open = (): Promise<typeof model> => Promise.resolve(model);
  const request = { model: model.file, values, layer, baselines: { "": "zero" } };
  for (const method of ["neuronGradient", "neuronConductance", "neuronFeatureAblation"] as const) {
    const all = (await explain({ ...request, method, neuron: "all" }, open)).results[0]?.attributions[input];
    const channel = (await explain({ ...request, method, neuron: "1" }, open)).results[0]?.attributions[input]?.data ?? [];
    const [, height = 0, width = 0] = all?.dims ?? [];
    const [units, size] = [height * width, channel.length];
    const wanted = channel.map((_, i) => Array.from({ length: units }, (_u, u) => all?.data[(units + u) * size + i] ?? NaN).reduce((s, x) => s + x, 0));
    const scale = Math.max(...wanted.map(Math.abs));
    expect(scale, method).toBeGreaterThan(0);
    channel.forEach((x, i) => expect(Math.abs(x - (wanted[i] ?? NaN)), method).toBeLessThan(1e-3 * scale));
  }
  const conductance = await explain({ ...request, method: "layerConductance" }, open);
  const credit = conductance.results[0]?.attributions[layer];
  expect(credit?.groups?.by).toBe("channel");
  expect(credit?.groups?.data).toHaveLength(credit?.dims[0] ?? NaN);
  await expect(explain({ ...request, method: "neuronGradient", neuron: "99" }, open)).rejects.toThrow("There is no neuron [99]");
  await model.dispose();
});
