import { resolve } from "node:path";
import { expect, test } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import { inspect } from "../../../src/explain/inspect.js";
import { layerShares } from "../../../src/explain/layerShares.js";
import { modelAt as open } from "../modelAt.js";

const review = resolve("examples/review-profile/model.onnx");
const pipeline = resolve("test/fixtures/reference/models/trees/logistic-zipmap.onnx");
test("a model with an LSTM: gradient methods are available", async () => {
  const { operators, methods, diagnostics } = await inspect(await open(review));
  expect(operators.find((o) => o.type === "LSTM")).toMatchObject({ count: 1, gradient: "rule" });
  expect(methods.find((m) => m.name === "layerConductance")).toEqual({ name: "layerConductance", available: true });
  expect(diagnostics).toEqual([]);
});

test("Tree SHAP is offered to trees, and to nothing else", async () => {
  const offered = async (file: string) => (await inspect(await open(file))).methods.find(({ name }) => name === "treeShap");
  expect(await offered(review)).toEqual({ name: "treeShap", available: false, reason: "The model has no tree ensemble." });
  expect(await offered(resolve("test/fixtures/reference/models/trees/random-forest.onnx"))).toEqual({ name: "treeShap", available: true });
});

test("text and numbers, one input at a time: each path adds up by itself", async () => {
  const { results } = await explain({ model: review, rows: [0], mode: "isolated" }, open);
  const [result] = results;
  expect(Object.keys(result?.attributions ?? {})).toEqual(["tokens", "profile"]);
  expect(result?.baselineScore).toBeNull();
  expect(Object.values(result?.delta ?? {}).every((d: number) => Math.abs(d) < 0.005)).toBe(true);
  expect(result?.attributions["tokens"]?.labels).toContain("brilliant");
});

test("the layers of a model with an LSTM share its change in score", async () => {
  const { layers } = await layerShares({ model: review, rows: [0] }, open);
  const lstm = layers.find((layer) => layer.path === "text_encoder.lstm");
  expect(lstm?.share).toBeGreaterThan(0);
  expect(lstm?.credit.data.every(Number.isFinite)).toBe(true);
});

test("class names that the file carries: the target has one and can be asked for by it", async () => {
  const values = { measurements: "[6,148,72,35,0,33.6,0.627,50]" };
  const { results } = await explain({ model: pipeline, values }, open);
  expect(results[0]).toMatchObject({ target: { value: "probabilities", index: [1], label: "1" }, prediction: { labels: ["0", "1"] } });
  const inspection = await inspect(await open(pipeline));
  expect(inspection.outputs.find((o) => o.name === "probabilities")).toMatchObject({ type: "float32", role: "probabilities", labels: ["0", "1"] });
});
