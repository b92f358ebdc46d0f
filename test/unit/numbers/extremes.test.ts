import { resolve } from "node:path";
import { expect, it } from "vitest";
import { present } from "../../../src/base/assert.js";
import { methods } from "../../../src/attribution/methods/index.js";
import { meanOf } from "../../../src/explain/baselines.js";
import { explain } from "../../../src/explain/explain.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { MethodName } from "../../../src/protocol/names.js";
import { toNumbers } from "../../../src/tensor/tensor.js";
import { float32 } from "../graph/build.js";
import { modelAt } from "../modelAt.js";
import { network, ofSum, rowFile } from "./extremeModels.js";
import { keptSilent } from "./said.js";

const usual = [1, -2, 0.5, 3];
const trees = resolve("test/fixtures/reference/models/trees");
const patient = [1, 120, 0.5, 3, 1, 2, 0.3, 40];
const scaled = (factor: number) => (w: number) => w * factor;
const instead = (value: number) => (w: number, i: number) => (i === 4 ? value : w);

/** By what is extreme: model and sample. */
const cases: readonly (readonly [string, () => string, readonly number[]])[] = [
  ["a sample with infinity", () => network(), [1, Infinity, 0.5, 3]],
  ["a sample that overflows on its way", () => network(), [1, 1e38, 0.5, 3]],
  ["the same for logits", () => network(undefined, undefined, false), [1, 1e38, 0.5, 3]],
  ["a sample of denormals", () => network(), [1e-40, -1e-40, 1e-41, 3e-40]],
  ["a weight that is NaN", () => network(instead(NaN)), usual],
  ["a weight that is infinite", () => network(instead(-Infinity)), usual],
  ["weights that are denormals", () => network(scaled(1e-40)), usual],
  ["weights that overflow in products", () => network(scaled(1e38)), usual],
  ["the same for logits", () => network(scaled(1e38), undefined, false), usual],
  ["an output that is constant", () => network(undefined, [0, 0, 0, 0, 0, 0]), usual],
  ["units that are off", () => network(() => -1), [1, 2, 0.5, 3]],
  ["a sample that is its baseline", () => network(), [0, 0, 0, 0]],
  ["a saturated probability", () => network(scaled(100)), usual],
  ["a probability without any gradient", () => network(scaled(10_000)), usual],
  ["scores whose change is below their last digit", () => network(scaled(1e-9), [1e-3, -1e-3, 5e-4, 5e-4, -3e-4, 8e-4], false), usual],
  ["the logarithm of a negative number", () => ofSum("Log"), [-1, -2, -0.5, -3]],
  ["a logarithm from zero", () => ofSum("Log"), [1, 2, 0.5, 3]],
  ["an exponential that overflows", () => ofSum("Exp"), [100, 2, 0.5, 3]],
  ["a root whose slope is infinite", () => ofSum("Sqrt"), [0, 0, 0, 0]],
  ["a reciprocal from zero", () => ofSum("Reciprocal"), [1, 2, 0.5, 3]],
  ["a step", () => ofSum("Sign"), usual],
];

const asked: readonly MethodName[] = [
  "integratedGradients",
  "saliency",
  "deepLift",
  "lrp",
  "featureAblation",
  "shapleyValues",
  "layerActivation",
  "layerConductance",
  "layerDeepLift",
  "neuronGradient",
];

async function ask(model: string, sample: readonly number[], name: MethodName): Promise<Explanation> {
  const { needs } = methods[name] ?? expect.fail(`no method ${name}`);
  return explain(
    {
      model,
      samples: rowFile(sample),
      method: name,
      targets: ["0"],
      ...(needs.baseline ? { baselines: { "": "zero" } } : {}),
      ...(needs.neuron ? { neuron: "0" } : {}),
    },
    modelAt,
  );
}

it.each(cases)("%s: every number is right or said", async (_, make, sample) => {
  const model = make();
  const silent: string[] = [];
  for (const name of asked) for (const fault of keptSilent(await ask(model, sample, name), name === "layerActivation")) silent.push(`${name}: ${fault}`);
  expect(silent).toEqual([]);
});

it.each(["gradient-boosting.onnx", "random-forest.onnx", "lightgbm.onnx"])(
  "trees of %s take infinity, huge numbers and denormals, or say what is wrong",
  async (file) => {
    const silent: string[] = [];
    for (const odd of [Infinity, -Infinity, 1e38, 1e-40])
      for (const name of ["treeShap", "shapleyValues", "featureAblation"] as const) {
        const explanation = await ask(`${trees}/${file}`, patient.with(1, odd), name);
        for (const fault of keptSilent(explanation)) silent.push(`${odd}, ${name}: ${fault}`);
      }
    expect(silent).toEqual([]);
  },
);

it("a missing value is refused with its place where the model would make NaN of it", async () => {
  await expect(ask(network(), [1, NaN, 0.5, 3], "saliency")).rejects.toMatchObject({ diagnostic: { code: "VALUE_NOT_A_NUMBER", severity: "error" } });
});

it("a path without numbers is given up after its first points", async () => {
  const { results } = await ask(network(instead(NaN)), usual, "integratedGradients");
  expect(results[0]?.points).toBeLessThan(500);
});

it("a margin is no probability, so it saturates at no number", async () => {
  const { diagnostics, results } = await ask(`${trees}/gradient-boosting.onnx`, [1, 0, 0, 0, 0, 0, 0, 0], "treeShap");
  expect(Math.abs(results[0]?.score ?? 0)).toBeGreaterThan(1);
  expect(diagnostics.map((d) => d.code)).not.toContain("SATURATED");
});

it.each(["gradient-boosting.onnx", "random-forest.onnx", "lightgbm.onnx"])(
  "missing values of %s go where the trees send them: prediction, treeShap and coalitions agree",
  async (file) => {
    const model = `${trees}/${file}`;
    const opened = await modelAt(model);
    for (const sample of [patient.with(1, NaN), patient.map(() => NaN)]) {
      const { feeds, scores } = { feeds: { [opened.graph.inputs[0]?.name ?? ""]: float32([1, 8], sample) }, scores: opened.graph.outputs.at(-1)?.name ?? "" };
      const bare = toNumbers(present((await opened.run(feeds, [scores]))[scores], scores));
      const [shap, coalitions] = [await ask(model, sample, "treeShap"), await ask(model, sample, "shapleyValues")];
      for (const { results, diagnostics } of [shap, coalitions]) {
        const [result] = results;
        expect(result?.prediction.data).toEqual(Array.from(bare));
        const [credit] = Object.values(result?.attributions ?? {});
        expect(credit?.data.every(Number.isFinite)).toBe(true);
        expect(credit?.values?.[1]).toBe("NaN");
        expect(diagnostics.map((d) => d.code)).not.toContain("NOT_FINITE");
      }
    }
  },
);

it("a mean is of what is not missing", async () => {
  const rows = [
    [1, 4],
    [NaN, 8],
    [3, NaN],
    [5, 6],
  ].map((row) => float32([1, 2], row));
  expect(Array.from(toNumbers(await meanOf(rows)))).toEqual([3, 6]);
});
