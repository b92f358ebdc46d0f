import { afterAll, expect, test } from "vitest";
import { measureNames } from "../../../src/protocol/names.js";
import type { AttributionRequest } from "../../../src/protocol/request.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import type { AttributionResult } from "../../../src/attribution/plan.js";
import { float32, graphOf, op, int64 } from "../graph/build.js";
import { credit, deviation, rows } from "./engine.js";

/** Rows see each other through their mean, so nothing can be stacked along the batch. */
const together = createAttributor(
  graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["n", 3] } },
    constants: { w: float32([3, 2], [1, -2, 0.5, 1, 2, -1]), axes: int64(0) },
    nodes: [op("ReduceMean", ["x", "axes"], ["m"]), op("Sub", ["x", "m"], ["c"]), op("MatMul", ["c", "w"], ["s"]), op("Tanh", ["s"], ["f"])],
    outputs: ["f"],
  }),
  {},
);
afterAll(() => together.dispose());

const sample = [
  [1, 2, 3],
  [0, -1, 0.5],
];
const targets = [0, 1].map((index) => ({ value: "f", index: [index] }));

async function ask(request: Partial<AttributionRequest>): Promise<AttributionResult> {
  return (await together.attribute({ method: "integratedGradients", inputs: { x: rows(sample) }, targets: [{ value: "f", index: [1] }], ...request })).result;
}

test("noise, several targets and several baselines work where rows can't be stacked", async () => {
  const plain = await ask({});
  const still = await ask({ options: { noise: "smoothgrad", noiseStdev: 0, noiseSamples: 3 } });
  expect(deviation(credit(still, "x").data, credit(plain, "x").data)).toBeLessThan(1e-5);
  expect(still.score).toEqual(plain.score?.map((s) => expect.closeTo(s, 6) as number));

  const both = await ask({ targets: [...targets, ...targets], targetsPerRow: 2 });
  expect(credit(both, "x").dims).toEqual([4, 3]);
  for (const row of [0, 1])
    expect(deviation(credit(both, "x").data.slice((2 * row + 1) * 3, (2 * row + 2) * 3), credit(plain, "x").data.slice(row * 3, row * 3 + 3))).toBeLessThan(
      1e-5,
    );

  const baselines = [
    [0, 0, 0],
    [1, 1, 0],
    [2, 0, -1],
  ];
  const each: AttributionResult[] = [];
  for (const row of baselines) each.push(await ask({ baselines: { x: rows([row, row]) } }));
  const shap = await ask({ method: "gradientShap", baselines: { x: rows(baselines) } });
  const wanted = credit(shap, "x").data.map((_, i) => each.reduce((s, r) => s + (credit(r, "x").data[i] ?? NaN), 0) / 3);
  expect(deviation(credit(shap, "x").data, wanted)).toBeLessThan(1e-4);
  const drawn = await ask({ method: "gradientShap", baselines: { x: rows(baselines) }, options: { samples: 600, seed: 2 } });
  expect(deviation(credit(drawn, "x").data, wanted)).toBeLessThan(0.25);
});

test("measures work where rows can't be stacked", async () => {
  const { measures } = await ask({
    measures: measureNames,
    alternatives: { ones: { x: rows([[1, 1, 1]]) } },
    options: { randomisationSteps: 1, sensitivitySamples: 2 },
  });
  for (const name of measureNames) {
    expect(measures?.[name], name).toHaveLength(2);
    for (const { value } of measures?.[name] ?? []) expect(Number.isNaN(value), name).toBe(false);
  }
});
