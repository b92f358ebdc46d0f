import { resolve } from "node:path";
import { expect, it } from "vitest";
import { planBatch } from "../../../../src/explain/batch/planBatch.js";
import { modelAt } from "../../modelAt.js";

const model = resolve("examples/diabetes/model.onnx");
const samples = resolve("examples/diabetes/samples.csv");

it("a data set on this machine takes the points of a compiled explanation, so that a cluster gives the same numbers", async () => {
  const plan = await planBatch({ model, samples }, await modelAt(model), {});
  expect(plan.asked.options).toEqual({ rule: "nested" });
});

it("but not where a tolerance is asked for, or a rule of its own", async () => {
  const options = { tolerance: 0.01 };
  expect((await planBatch({ model, samples, options }, await modelAt(model), {})).asked.options).toEqual(options);
  const own = { rule: "gausslegendre", steps: 20 };
  expect((await planBatch({ model, samples, options: own }, await modelAt(model), {})).asked.options).toEqual(own);
  expect((await planBatch({ model, samples, method: "saliency" }, await modelAt(model), {})).asked.options).toBeUndefined();
});
