import { resolve } from "node:path";
import { expect, it } from "vitest";
import { explain, explainPrepared } from "../../../src/explain/explain.js";
import { explainStreamed } from "../../../src/explain/explainStreamed.js";
import { measureNames } from "../../../src/protocol/names.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { modelAt as open } from "../modelAt.js";

const model = resolve("examples/diabetes/model.onnx");
const samples = resolve("examples/diabetes/samples.csv");
const review = resolve("examples/review-profile/model.onnx");

const run = (request: Partial<ExplainRequest>): Promise<Explanation> => explain({ model, samples, ...request }, open);

it("records the seed of what was drawn at random, and repeats the numbers from the record", async () => {
  const first = await run({ rows: [0, 3], options: { noise: "smoothgrad" } });
  expect(first.request.options).toMatchObject({ noise: "smoothgrad", noiseSamples: 25, seed: 1 });
  // 15 % of each column's range over the training file: pregnancies go from 0 to 17, glucose from 0 to 199.
  expect((first.request.options?.["noiseStdev"] as Readonly<Record<string, readonly number[]>>)["measurements"]?.slice(0, 2)).toEqual([2.55, 29.85]);
  expect((await explain(first.request, open)).results).toEqual(first.results);
  expect((await run({ method: "shapleyValueSampling" })).request.options).toEqual({ seed: 1 });
  expect((await run({})).request.options).toBeUndefined();
});

it("adds every measure to each row and target", async () => {
  const { results, request } = await run({ rows: [0, 1], targets: ["top:2"], measures: measureNames });
  expect(request.measures).toEqual(measureNames);
  expect(results).toHaveLength(4);
  for (const { measures } of results) {
    expect(Object.keys(measures ?? {})).toEqual(measureNames);
    for (const name of measureNames) expect(Number.isFinite(measures?.[name]?.value), name).toBe(true);
  }
  expect(Object.keys(results[0]?.measures?.baselines?.parts ?? {})).toEqual(["zero", "median"]);
});

it("says which measures have no meaning for a layer, and fails when it is the only one", async () => {
  const layer = { method: "layerConductance", layer: "sigmoid" } as const;
  const { results, diagnostics } = await run({ ...layer, measures: ["deletion", "agreement"] });
  expect(Object.keys(results[0]?.measures ?? {})).toEqual(["agreement"]);
  expect(diagnostics).toContainEqual(expect.objectContaining({ code: "OPTION_INVALID", severity: "info" }));
  await expect(run({ ...layer, measures: ["deletion"] })).rejects.toThrow("deletion compares credits of inputs");
});

it("averages credits over several baselines, for any method", async () => {
  for (const method of ["integratedGradients", "featureAblation"] as const) {
    const of = async (baseline: string): Promise<readonly number[]> =>
      (await run({ method, rows: [2], targets: ["pos"], baselines: { "": baseline } })).results[0]?.attributions["measurements"]?.data ?? [];
    const [zero, mean, both] = [await of("zero"), await of("mean"), await of("zero+mean")];
    both.forEach((x, i) => expect(x).toBeCloseTo(((zero[i] ?? NaN) + (mean[i] ?? NaN)) / 2, 5));
  }
});

it("takes the population as the distribution of expected gradients", async () => {
  const { results, request } = await run({ method: "gradientShap", rows: [0, 5], baselines: { "": "population:20" } });
  expect(request.baselines).toEqual({ measurements: "population:20" });
  for (const { delta, score, baselineScore } of results) {
    expect(Math.abs(delta as number)).toBeLessThan(0.01);
    expect(score).not.toBe(baselineScore);
  }
});

it("gives a text with baselines of its own in each row their own, also to a method of distributions", async () => {
  const rows = [0, 1, 2];
  const together = await explain({ model: review, rows, method: "gradientShap" }, open);
  for (const [i, row] of rows.entries()) {
    const [alone] = (await explain({ model: review, rows: [row], method: "integratedGradients" }, open)).results;
    together.results[i]?.attributions["tokens"]?.data.forEach((x, t) => expect(x).toBeCloseTo(alone?.attributions["tokens"]?.data[t] ?? NaN, 4));
  }
});

it("explains several targets of rows in one run as each alone", async () => {
  const { results } = await run({ rows: [0, 4], targets: ["top:2", "pos"], versus: "neg" });
  for (const result of results) {
    const target = result.target?.label ?? "";
    const [alone] = (await run({ rows: [result.row], targets: [target], versus: "neg" })).results;
    expect(result.score).toBeCloseTo(alone?.score ?? NaN, 6);
    result.attributions["measurements"]?.data.forEach((x, i) => expect(x).toBeCloseTo(alone?.attributions["measurements"]?.data[i] ?? NaN, 5));
  }
});

it("compares no measures along isolated paths", async () => {
  await expect(explain({ model: review, mode: "isolated", measures: ["agreement"] }, open)).rejects.toThrow("isolated paths");
});

it("explains the logit beside a probability that has saturated, and alone when asked", async () => {
  const softmax = resolve("test/fixtures/reference/models/captum/softmax.onnx");
  const values = { x: "[400, -40, 200, 70]" };
  const { results, diagnostics } = await explain({ model: softmax, values, targets: ["top:3"] }, open);
  const saturated = results.filter(({ score }) => score !== null && (score > 1 - 1e-6 || score < 1e-6));
  expect(saturated.length).toBeGreaterThan(0);
  expect(diagnostics.map((d) => d.code)).toContain("SATURATED");
  for (const { target, logit } of saturated) {
    const [alone] = (await explain({ model: softmax, values, targets: [`logit:${target?.index.join() ?? ""}`] }, open)).results;
    expect(logit?.target).toEqual(alone?.target);
    expect(logit?.target?.value).not.toBe("probabilities");
    expect(logit?.attributions["x"]?.data).toHaveLength(4);
    logit?.attributions["x"]?.data.forEach((x, i) => expect(x).toBeCloseTo(alone?.attributions["x"]?.data[i] ?? NaN, 2));
  }
  expect((await run({})).results[0]).not.toHaveProperty("logit");
});

it("takes the difference of two logits", async () => {
  const [result] = (await run({ targets: ["logit:pos"], versus: "neg" })).results;
  const each = await Promise.all(["logit:pos", "logit:neg"].map(async (target) => (await run({ targets: [target] })).results[0]?.score ?? NaN));
  expect(result?.score).toBeCloseTo((each[0] ?? NaN) - (each[1] ?? NaN), 5);
});

it("averages a file chunk by chunk as in one go, for inputs, layers and neurons", async () => {
  for (const request of [
    { method: "integratedGradients" },
    { method: "layerConductance", layer: "sigmoid" },
    { method: "neuronConductance", layer: "sigmoid", neuron: "3" },
  ] as const) {
    const asked: ExplainRequest = { model, samples, rows: "all", targets: ["pos"], baselines: { "": "mean" }, aggregate: "meanAbs", ...request };
    const whole = await explain(asked, open);
    const chunks: number[] = [];
    const parts = await explainStreamed(
      asked,
      await open(model),
      {},
      (chunk, prepared, context) => {
        chunks.push(prepared.rows.length);
        return explainPrepared(chunk, prepared, context);
      },
      { chunk: 100, results: 150 },
    );
    expect(chunks).toEqual([100, 100, 31]);
    expect(parts?.results).toHaveLength(150);
    expect(parts?.diagnostics.map((d) => d.code)).toContain("RESULTS_LEFT_OUT");
    const [name = ""] = Object.keys(whole.aggregate?.meanAbs ?? {});
    const [a, b] = [whole.aggregate?.meanAbs?.[name], parts?.aggregate?.meanAbs?.[name]];
    expect(b?.rows).toBe(231);
    expect(b?.data).toEqual(a?.data.map((x) => expect.closeTo(x, 5) as number));
    expect(b?.interval).toEqual(a?.interval?.map((x) => expect.closeTo(x, 5) as number));
    expect(parts?.classes?.map(({ by, label }) => [by, label])).toEqual([
      ["prediction", "neg"],
      ["prediction", "pos"],
    ]);
    expect(parts?.request).toEqual(whole.request);
  }
});
