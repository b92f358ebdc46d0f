import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import { layerShares } from "../../../src/explain/layerShares.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { modelAt as open } from "../modelAt.js";

const model = resolve("examples/diabetes/model.onnx");
const samples = resolve("examples/diabetes/samples.csv");
const review = resolve("examples/review-profile/model.onnx");
const folder = mkdtempSync(join(tmpdir(), "explain-"));

const run = (request: Partial<ExplainRequest>): Promise<Explanation> => explain({ model, samples, ...request }, open);
const sum = (list: readonly number[] | undefined): number => (list ?? []).reduce((total, x) => total + x, 0);

describe("explain", () => {
  it("fills in the defaults: the first row, the predicted class, the training file's mean", async () => {
    const { request, results, model: described } = await run({});
    expect(request).toMatchObject({ method: "integratedGradients", rows: [0], targets: ["predicted"], baselines: { measurements: "mean" }, mode: "joint" });
    expect(described.inputs).toEqual([{ name: "measurements", type: "float32", dims: ["batch", 8] }]);
    const [result] = results;
    expect(result).toMatchObject({ row: 0, target: { value: "probabilities", index: [0], label: "neg" } });
    expect(result?.prediction.labels).toEqual(["neg", "pos"]);
    const credit = result?.attributions["measurements"];
    expect(credit?.labels).toEqual(["pregnant", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "age"]);
    expect(credit?.values).toEqual([4, 134, 72, 0, 0, 23.8, 0.277, 60]);
    expect(sum(credit?.data)).toBeCloseTo((result?.score ?? 0) - (result?.baselineScore ?? 0), 4);
    expect(credit?.baseline?.map((x) => Math.round(x))).toEqual([4, 122, 69, 21, 82, 32, 0, 33]);
    expect((await run({ method: "saliency" })).results[0]?.attributions["measurements"]).not.toHaveProperty("baseline");
  });

  it("gives the same numbers when its recorded request is run again", async () => {
    const first = await run({ rows: [2, 5], targets: ["pos"] });
    const again = await explain(first.request, open);
    expect(again.results).toEqual(first.results);
  });

  it("explains rows together as it explains each alone", async () => {
    const rows = [0, 4, 230];
    const together = await run({ rows, targets: ["1"] });
    for (const [i, row] of rows.entries()) {
      const [alone] = (await run({ rows: [row], targets: ["1"] })).results;
      together.results[i]?.attributions["measurements"]?.data.forEach((x, at) =>
        expect(x).toBeCloseTo(alone?.attributions["measurements"]?.data[at] ?? NaN, 5),
      );
    }
  });

  it("has one result a row and target, in that order", async () => {
    const { results } = await run({ rows: [0, 1], targets: ["pos", "top:2"] });
    expect(results.map((r) => [r.row, r.target?.label])).toEqual([
      [0, "pos"],
      [0, "neg"],
      [0, "pos"],
      [1, "pos"],
      [1, "neg"],
      [1, "pos"],
    ]);
  });

  it("explains the difference of two classes", async () => {
    const [difference] = (await run({ targets: ["pos"], versus: "neg" })).results;
    const [pos] = (await run({ targets: ["pos"] })).results;
    // Two probabilities add up to 1: their difference has twice the credit.
    difference?.attributions["measurements"]?.data.forEach((x, i) => expect(x).toBeCloseTo(2 * (pos?.attributions["measurements"]?.data[i] ?? NaN), 4));
  });

  it("replaces one column's value, and takes all values without a file", async () => {
    const [changed] = (await run({ values: { glucose: "60" } })).results;
    expect(changed?.attributions["measurements"]?.values).toEqual([4, 60, 72, 0, 0, 23.8, 0.277, 60]);
    const [given] = (await explain({ model, values: { measurements: "[4, 60, 72, 0, 0, 23.8, 0.277, 60]" } }, open)).results;
    expect(given?.attributions).toEqual(changed?.attributions);
  });

  it("averages over all rows", async () => {
    const { aggregate, results } = await run({ rows: "all", targets: ["pos"], aggregate: "mean" });
    expect(results).toHaveLength(231);
    const mean = sum(results.map((r) => r.attributions["measurements"]?.data[1] ?? NaN)) / 231;
    expect(aggregate?.mean?.["measurements"]?.data[1]).toBeCloseTo(mean, 6);
  });

  it("finds a layer by its module path, and credits all its neurons at once", async () => {
    const { request, results } = await run({ method: "neuronConductance", layer: "sigmoid2", targets: ["pos"], neuron: "all" });
    expect(request.layer).toBe("sigmoid_1");
    expect(results[0]?.attributions["measurements"]?.dims).toEqual([8, 8]);
    const [one] = (await run({ method: "neuronConductance", layer: "sigmoid2", targets: ["pos"], neuron: "3" })).results;
    one?.attributions["measurements"]?.data.forEach((x, i) => expect(x).toBeCloseTo(results[0]?.attributions["measurements"]?.data[3 * 8 + i] ?? NaN, 4));
  });

  it("has no target where the method has none", async () => {
    const { results, request } = await run({ method: "layerActivation", layer: "auto" });
    expect(results[0]).not.toHaveProperty("target");
    expect(results[0]?.attributions[request.layer ?? ""]?.dims).toEqual([8]);
  });

  it("takes each input's credit from its own path in isolated mode", async () => {
    const file = join(folder, "isolated.json");
    writeFileSync(file, JSON.stringify([{ text: "fine", profile: [14, 1, 0.0122, 0, 1] }]));
    // One input that moves: isolated and joint are the same path.
    const request: ExplainRequest = { model: review, samples: file, fixed: ["tokens"], targets: ["positive"] };
    const joint = await explain(request, open);
    const isolated = await explain({ ...request, mode: "isolated" }, open);
    expect(isolated.results[0]?.attributions).toEqual(joint.results[0]?.attributions);
    expect(Object.keys(isolated.results[0]?.attributions ?? {})).toEqual(["profile"]);
  });

  it("never pads a text to another's length", async () => {
    const file = join(folder, "texts.jsonl");
    const rows = ["good", "a long and truly boring film that never ends", "bad"].map((text) => ({ text, profile: [1, 0, 0, 0, 1] }));
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
    const request: ExplainRequest = { model: review, samples: file, rows: [0, 1, 2], method: "layerActivation", layer: "text_encoder" };
    const together = await explain(request, open);
    for (const row of [0, 1, 2]) {
      const [alone] = (await explain({ ...request, rows: [row] }, open)).results;
      together.results[row]?.prediction.data.forEach((x, i) => expect(x).toBeCloseTo(alone?.prediction.data[i] ?? NaN, 6));
    }
  });

  it.each([
    [{ rows: [231] }, "ROW_MISSING", /231 rows/],
    [{ targets: ["maybe"] }, "UNKNOWN_TARGET", /neg, pos/],
    [{ method: "layerActivation", layer: "sigmoid9" }, "UNKNOWN_LAYER", /Did you mean "sigmoid/],
    [{ fixed: ["age"] }, "UNKNOWN_INPUT", /measurements/],
    [{ baselines: { measurement: "zero" } }, "UNKNOWN_INPUT", /Did you mean "measurements"/],
    [{ baselines: { "": "pad" } }, "BASELINE_INVALID", /zero, a number/],
    [{ values: { measurements: "[1, 2]" } }, "INPUT_INVALID", /JSON list/],
    [{ values: { glukose: "3" } }, "UNKNOWN_INPUT", /Did you mean "glucose"/],
    [{ neuron: "x", method: "neuronGradient", layer: "auto" }, "OPTION_INVALID", /position behind the batch axis/],
    [{ samples: join(folder, "none.csv") }, "FILE_NOT_FOUND", /Check the path/],
  ] as const)("refuses %j", async (request, code, hint) => {
    const diagnostic = await run(request).then(
      () => undefined,
      (error: unknown) => (error as { diagnostic?: { code: string; hint?: string; message: string } }).diagnostic,
    );
    expect(diagnostic?.code).toBe(code);
    expect(`${diagnostic?.message ?? ""} ${diagnostic?.hint ?? ""}`).toMatch(hint);
  });

  it("stops when it is cancelled", async () => {
    await expect(explain({ model, samples, rows: "all" }, open, { signal: { aborted: true } })).rejects.toThrow("Cancelled");
  });
});

describe("layerShares", () => {
  it("shows the whole change in score passing through each layer of a chain", async () => {
    const { layers, diagnostics } = await layerShares({ model, samples, rows: [4] }, open);
    expect(layers.map((l) => l.path)).toEqual(["linear1", "sigmoid1", "linear2", "sigmoid2", "linear3"]);
    for (const layer of layers) expect(layer.share).toBeCloseTo(1, 2);
    expect(layers.map((l) => l.units)).toEqual([12, 12, 8, 8, 2]);
    expect(diagnostics).toEqual([]);
  });
});
