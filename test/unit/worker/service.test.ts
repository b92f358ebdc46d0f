import { copyFileSync, mkdtempSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { encodeModel } from "../../../src/graph/encode.js";
import { serializeModel } from "../../../src/onnx/parse.js";
import { mapsWeights } from "../../../src/worker/mapsWeights.js";
import { createService } from "../../../src/worker/service.js";
import type { CallContext } from "../../../src/worker/serve.js";
import { float32, graphOf, op } from "../graph/build.js";

const model = resolve("examples/diabetes/model.onnx");
const samples = resolve("examples/diabetes/samples.csv");
const service = createService();
const context: CallContext = { signal: { aborted: false }, progress: () => undefined };
afterAll(() => service.dispose());

it("inspects: roles, labels, layers with their source lines, operators, methods", async () => {
  const inspection = await service.inspect(context, model);
  expect(inspection.model).toEqual({ file: "model.onnx", bytes: 9624, producer: expect.stringContaining("pytorch") as string, opset: { "": 20 } });
  expect(inspection.inputs).toMatchObject([{ name: "measurements", type: "float32", dims: ["batch", 8], role: "features" }]);
  expect(inspection.outputs).toMatchObject([{ name: "probabilities", role: "probabilities", labels: ["neg", "pos"] }]);
  expect(inspection.layers[0]).toMatchObject({ path: "linear1", values: ["linear"], parameters: 108, source: { file: "network.py" } });
  expect(inspection.operators.every((o) => o.gradient !== "unsupported")).toBe(true);
  expect(inspection.methods.find((m) => m.name === "integratedGradients")).toEqual({ name: "integratedGradients", available: true });
});

it("pages through samples, and searches them", async () => {
  const page = await service.samples(context, model, samples, { from: 229, count: 10 });
  expect(page).toMatchObject({ total: 231, rows: [{ row: 229 }, { row: 230 }] });
  expect(page.mapping).toEqual(["measurements ← pregnant, glucose, pressure, triceps, insulin, mass, pedigree, age"]);
  expect(page.rows[0]?.label).toMatch(/^(neg|pos)$/);
  const found = await service.samples(context, model, undefined, { from: 0, count: 3, search: "0.277" });
  expect(found.rows.length).toBeGreaterThan(0);
  for (const row of found.rows) expect(row.cells.join()).toContain("0.277");
});

it("reports progress and gives plain data that crosses threads", async () => {
  const messages: string[] = [];
  const explanation = await service.explain({ ...context, progress: ({ message }) => messages.push(message) }, { model, samples });
  expect(messages).toContain("Explaining");
  expect(structuredClone(explanation)).toEqual(explanation);
});

it("opens a model anew when its file changed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "service-"));
  const file = join(folder, "model.onnx");
  writeFileSync(file, "not a model");
  await expect(service.inspect(context, file)).rejects.toThrow(/not an ONNX model/);
  copyFileSync(model, file);
  expect((await service.inspect(context, file)).model.bytes).toBe(9624);
  writeFileSync(file, "text again");
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  await expect(service.inspect(context, file)).rejects.toThrow(/not an ONNX model/);
});

it("opens a model anew when the file of its weights changed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "service-"));
  const file = join(folder, "model.onnx");
  const weights = (w: number): Buffer => Buffer.from(Float32Array.from([w, w]).buffer);
  const outside = { name: "w", dtype: "float32", dims: [2, 1], content: { kind: "external", location: "w.bin", offset: 0, length: 8 } } as const;
  const graph = graphOf({ inputs: { x: float32([1, 2]) }, nodes: [op("MatMul", ["x", "w"], ["y"])], outputs: ["y"] });
  const outputs = [{ name: "y", dtype: "float32" as const, dims: [1, 1] }];
  const write = (w: number): void => {
    writeFileSync(join(folder, "w.bin"), weights(w));
    writeFileSync(file, serializeModel(encodeModel({ ...graph, outputs, initializers: new Map([["w", outside]]) })));
  };
  const score = async (): Promise<number | null | undefined> =>
    (await service.explain(context, { model: file, values: { x: "[1, 2]" }, targets: ["y[0]"], method: "saliency" })).results[0]?.score;
  write(1);
  expect(mapsWeights(file)).toBe(false);
  expect(await score()).toBe(3);
  renameSync(join(folder, "w.bin"), join(folder, "old.bin"));
  writeFileSync(join(folder, "w.bin"), weights(5));
  expect(await score()).toBe(15);
  writeFileSync(join(folder, "model.onnx.data"), "");
  expect(mapsWeights(file)).toBe(true);
  expect(mapsWeights(join(folder, "none.onnx"))).toBe(false);
});

it("says when the model changed while it was explained", async () => {
  const folder = mkdtempSync(join(tmpdir(), "service-"));
  const file = join(folder, "model.onnx");
  copyFileSync(model, file);
  const progress = ({ message }: { readonly message: string }): void => {
    if (message === "Explaining") writeFileSync(file, "cut off");
  };
  const { diagnostics, results } = await service.explain({ ...context, progress }, { model: file, samples });
  expect(diagnostics.map((d) => d.code)).toContain("MODEL_CHANGED");
  expect(results).toHaveLength(1);
  await expect(service.explain(context, { model: file, samples })).rejects.toThrow(/not an ONNX model/);
});

it("keeps a bounded number of models, and goes on after forgetting one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "service-"));
  for (let i = 0; i < 6; i++) {
    const file = join(folder, `${i}.onnx`);
    copyFileSync(model, file);
    await service.inspect(context, file);
  }
  expect(await service.forget(context, model)).toBeNull();
  expect((await service.layers(context, { model, samples })).layers).toHaveLength(5);
});

it("measures what every layer puts out for a row", async () => {
  const ranges = await service.activations(context, { model, samples, rows: [3] });
  expect(ranges.map(({ path }) => path)).toEqual(["linear1", "sigmoid1", "linear2", "sigmoid2", "linear3", "softmax"]);
  const sigmoid = ranges.find(({ path }) => path === "sigmoid1");
  expect(sigmoid?.least).toBeGreaterThan(0);
  expect(sigmoid?.most).toBeLessThan(1);
  const softmax = ranges.find(({ path }) => path === "softmax");
  expect((softmax?.least ?? 0) + (softmax?.most ?? 0)).toBeCloseTo(1, 5);
  expect(softmax?.mean).toBeCloseTo(0.5, 5);
});

it("looks at a model without opening it: layers with their shapes", async () => {
  const { inputs, layers } = await service.outline(context, model);
  expect(inputs).toEqual([{ name: "measurements", type: "float32", dims: ["batch", 8] }]);
  expect(layers.map(({ path, dims }) => [path, dims])).toContainEqual(["linear1", ["batch", 12]]);
});
