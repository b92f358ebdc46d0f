import { resolve } from "node:path";
import { expect, test } from "vitest";
import { inferredSidecar } from "../../../src/explain/inferredSidecar.js";
import { parseSidecar } from "../../../src/explain/sidecar.js";
import { loadSidecar } from "../../../src/explain/sidecar.js";
import type { OpenModel } from "../../../src/runtime/openModel.js";
import { openModel } from "../../../src/runtime/open.js";

async function withModel<T>(file: string, action: (opened: OpenModel) => Promise<T>): Promise<T> {
  const opened = await openModel(file);
  return action(opened).finally(() => opened.dispose());
}

test.each(["diabetes", "review-profile", "digits"])("%s: what is written says what the example's own sidecar says", async (name) => {
  const model = resolve("examples", name, "model.onnx");
  const written = await withModel(model, (opened) => inferredSidecar(opened));
  expect(written.file).toBe(resolve("examples", name, "model.explain.json"));
  const sidecar = parseSidecar(written.text, written.file);
  const own = (await loadSidecar(model))?.sidecar ?? expect.fail("no sidecar");
  const { inputs: _, ...rest } = own;
  expect(sidecar).toMatchObject(rest);
  for (const [input, said] of Object.entries(own.inputs ?? {})) expect(sidecar.inputs?.[input]).toMatchObject(said);
});

test("without a sidecar: columns of the samples beside the model, names of classes and training rows as suggestions", async () => {
  const model = resolve("test/fixtures/reference/models/trees/logistic.onnx");
  const { text, file } = await withModel(model, (opened) => inferredSidecar(opened, resolve("examples/diabetes/samples.csv")));
  expect(parseSidecar(text, file).samples).toBeUndefined();
  expect(text).toContain('// "samples": "samples.csv"');
  expect(text.split("\n").filter((line) => line.includes("training"))).toEqual(['  // "training": "train.csv",']);
  expect(text).toContain('"columns": ["pregnant", "glucose"');
});
