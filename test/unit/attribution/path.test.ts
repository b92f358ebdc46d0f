import { expect, test } from "vitest";
import type { Attributed } from "../../../src/runtime/openModel.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import { float32, graphOf, op } from "../graph/build.js";
import { modelAt } from "../modelAt.js";
import { credit, deviation, diabetes, rows, rowSums, samples } from "./engine.js";

test("adaptive integrated gradients add up to the change of the score", async () => {
  const { result } = await diabetes({ method: "integratedGradients" });
  const change = result.score?.map((s, r) => s - (result.baselineScore?.[r] ?? NaN)) ?? [];
  expect(change).toHaveLength(3);
  expect(deviation(rowSums(credit(result)), change)).toBeLessThan(0.005);
  expect(result.converged).toBe(true);
  expect(result.delta?.every((d, r) => Math.abs(d - ((rowSums(credit(result))[r] ?? NaN) - (change[r] ?? NaN))) < 1e-6)).toBe(true);
});

test("the estimated error covers the true one", async () => {
  const loose = (await diabetes({ method: "integratedGradients" })).result;
  const exact = credit((await diabetes({ method: "integratedGradients", options: { rule: "gausslegendre", steps: 400 } })).result).data;
  const error = loose.error?.["measurements"]?.data ?? [];
  expect(error).toHaveLength(24);
  const scale = Math.max(...exact.map(Math.abs));
  credit(loose).data.forEach((x, i) => expect(Math.abs(x - (exact[i] ?? NaN))).toBeLessThan((error[i] ?? NaN) + 1e-3 * scale));
});

test("rows asked together get the numbers they get alone", async () => {
  for (const method of ["integratedGradients", "saliency", "featureAblation"] as const) {
    const together = credit((await diabetes({ method })).result).data;
    const alone: Attributed[] = [];
    for (const row of samples) alone.push(await diabetes({ method, inputs: { measurements: rows([row]) } }));
    expect(
      deviation(
        alone.flatMap(({ result }) => credit(result).data),
        together,
      ),
      method,
    ).toBeLessThan(1e-5);
  }
});

test("a level of the nested rule takes its points whatever comes out, and the level below tells its error", async () => {
  const at = async (options: Record<string, unknown>, extra: object = {}): Promise<Attributed["result"]> =>
    (await diabetes({ method: "integratedGradients", options, ...extra })).result;
  const [fine, coarse] = [await at({ rule: "nested" }), await at({ rule: "nested", steps: 33 })];
  expect([fine.points, coarse.points]).toEqual([65, 33]);
  const exact = credit(await at({ rule: "gausslegendre", steps: 400 }));
  expect(deviation(credit(fine).data, exact.data)).toBeLessThan(1e-5);
  const between = credit(fine).data.map((x, i) => Math.abs(x - (credit(coarse).data[i] ?? NaN)));
  expect(deviation(fine.error?.["measurements"]?.data ?? [], between)).toBeLessThan(0.05);
  expect(Math.max(...(fine.delta ?? [NaN]).map(Math.abs))).toBeLessThan(1e-5);
  // Along a layer's own line the score's change is that of the inputs' path.
  const layer = await at({ rule: "nested" }, { method: "layerIntegratedGradients", layer: "linear" });
  expect(layer.score?.[0]).toBeCloseTo(fine.score?.[0] ?? NaN, 6);
  await expect(at({ rule: "nested", steps: 50 })).rejects.toMatchObject({ diagnostic: { code: "OPTION_INVALID", hint: "Its levels: 17, 33, 65, 129." } });
});

test("a kink on the path is bisected until the credit is right", async () => {
  // Each output is 1 − relu(1 − x): the slope is 1 up to x = 1 and 0 from there on, a third of the way to 3.
  const model = await modelAt("test/fixtures/reference/models/captum/basic-model.onnx");
  const { result } = await model.attribute({
    method: "integratedGradients",
    inputs: { x: rows([[-2, 0.5, 3]]) },
    targets: [{ value: "output", index: [2] }],
    options: { tolerance: 1e-4 },
  });
  expect(result.converged).toBe(true);
  expect(result.points).toBeGreaterThan(129);
  expect(deviation(credit(result, "x").data, [0, 0, 1])).toBeLessThan(1e-4);
});

test.each([
  ["infinite", "Sqrt of x", [op("Sqrt", ["first"], ["root"])]],
  ["no number", "Sqrt of x²", [op("Mul", ["first", "first"], ["square"]), op("Sqrt", ["square"], ["root"])]],
])("one element whose slope is %s at the baseline (%s) does not hide behind finite ones", async (_, _of, root) => {
  const graph = graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: [1, 2] } },
    constants: { sizes: { dtype: "int64", dims: [2], data: BigInt64Array.of(1n, 1n) }, two: float32([1], [2]) },
    nodes: [
      op("Split", ["x", "sizes"], ["first", "second"], { axis: 1 }),
      ...root,
      op("Mul", ["second", "two"], ["twice"]),
      op("Add", ["root", "twice"], ["y"]),
    ],
    outputs: ["y"],
  });
  const attributor = createAttributor(graph, {});
  const { result } = await attributor.attribute({
    method: "integratedGradients",
    inputs: { x: float32([1, 2], [4, 3]) },
    targets: [{ value: "y", index: [0] }],
  });
  await attributor.dispose();
  expect(result.converged).toBe(true);
  const start = root.length === 1 ? 2 : 4;
  expect(deviation(credit(result, "x").data, [start, 6])).toBeLessThan(0.005);
});

test("conductance over a layer's units adds up to integrated gradients over the inputs", async () => {
  const options = { tolerance: 1e-4 };
  const inputs = rowSums(credit((await diabetes({ method: "integratedGradients", options })).result));
  for (const layer of ["sigmoid", "sigmoid_1"]) {
    const units = rowSums(credit((await diabetes({ method: "layerConductance", layer, options })).result, layer));
    expect(deviation(units, inputs), layer).toBeLessThan(1e-3);
  }
});

test("all neurons at once equal one after the other", async () => {
  const layer = "sigmoid_1";
  for (const method of ["neuronGradient", "neuronConductance"] as const) {
    const all = credit((await diabetes({ method, layer, neuron: "all" })).result);
    expect(all.dims).toEqual([3, 8, 8]);
    for (const unit of [0, 5]) {
      const one = credit((await diabetes({ method, layer, neuron: [unit] })).result).data;
      const part = [0, 1, 2].flatMap((r) => all.data.slice((8 * r + unit) * 8, (8 * r + unit + 1) * 8));
      expect(deviation(one, part), `${method} of unit ${unit}`).toBeLessThan(1e-4);
    }
  }
});

test("rows that influence each other are run as they are: each one's own derivative, the others held", async () => {
  // y = x² − mean of the rows: the credit of an element is x² − x / rows.
  const x = [1, 2, -3, 0.5, 4, -1];
  const graph = graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["rows", 2] } },
    constants: { axes: { dtype: "int64", dims: [1], data: BigInt64Array.of(0n) } },
    nodes: [op("Mul", ["x", "x"], ["square"]), op("ReduceMean", ["x", "axes"], ["mean"], { keepdims: 1 }), op("Sub", ["square", "mean"], ["y"])],
    outputs: ["y"],
  });
  const attributor = createAttributor(graph, {});
  const { result, diagnostics } = await attributor.attribute({
    method: "integratedGradients",
    inputs: { x: float32([3, 2], x) },
    targets: [{ value: "y", index: [0] }],
    options: { rule: "gausslegendre", steps: 3 },
  });
  await attributor.dispose();
  expect(diagnostics.map((d) => d.code)).toContain("BATCH_NOT_INDEPENDENT");
  const wanted = x.map((v, i) => (i % 2 === 0 ? v * v - v / 3 : 0));
  expect(deviation(credit(result, "x").data, wanted)).toBeLessThan(1e-5);
});

test("a cancelled request stops between runs", async () => {
  const signal = { aborted: false };
  let heard = 0;
  const asked = diabetes(
    { method: "shapleyValueSampling", options: { samples: 2000 } },
    {
      signal,
      progress: () => {
        heard++;
        signal.aborted = true;
      },
    },
  );
  await expect(asked).rejects.toMatchObject({ diagnostic: { code: "CANCELLED" } });
  expect(heard).toBe(1);
  // The model goes on answering.
  expect((await diabetes({ method: "saliency" })).result.converged).toBe(true);
});
