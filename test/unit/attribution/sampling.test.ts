import { afterAll, expect, test } from "vitest";
import { kernelCoalitions } from "../../../src/attribution/perturb/kernelCoalitions.js";
import { leastSquaresWithSum } from "../../../src/attribution/perturb/leastSquares.js";
import { uniforms } from "../../../src/attribution/random.js";
import type { MethodName } from "../../../src/protocol/names.js";
import type { MethodOptions } from "../../../src/protocol/request.js";
import type { AttributionResult } from "../../../src/attribution/plan.js";
import { createAttributor } from "../../../src/runtime/attribute.js";
import { float32, graphOf, op } from "../graph/build.js";
import { credit, rows, rowSums } from "./engine.js";

const players = 12;
const weights = Array.from({ length: players }, (_, i) => Math.sin(1 + 3 * i) / 2);
/** exp(Σ w x): features interact in every order. */
const model = createAttributor(
  graphOf({
    inputs: { x: { name: "x", dtype: "float32", dims: ["n", players] } },
    constants: { w: float32([players, 1], weights) },
    nodes: [op("MatMul", ["x", "w"], ["s"]), op("Exp", ["s"], ["f"])],
    outputs: ["f"],
  }),
  {},
);
afterAll(() => model.dispose());

async function ask(method: MethodName, options: MethodOptions = {}): Promise<AttributionResult> {
  const inputs = { x: rows([Array.from({ length: players }, (_, i) => 1 + (i % 3) / 2)]) };
  return (await model.attribute({ method, inputs, targets: [{ value: "f", index: [0] }], options })).result;
}

/** Root mean square error over seeds, of `samples` draws. */
async function error(method: MethodName, samples: number): Promise<number> {
  const exact = credit(await ask("shapleyValues"), "x").data;
  let sum = 0;
  for (let seed = 1; seed <= 12; seed++) credit(await ask(method, { samples, seed }), "x").data.forEach((x, i) => (sum += (x - (exact[i] ?? NaN)) ** 2));
  return Math.sqrt(sum / 12 / players);
}

test("sampled Shapley values come nearer as one over the square root of the number of orders", async () => {
  const ratio = (await error("shapleyValueSampling", 16)) / (await error("shapleyValueSampling", 256));
  // Sixteen times the orders are a quarter of the error.
  expect(ratio).toBeGreaterThan(2.5);
  expect(ratio).toBeLessThan(6.5);
});

test("Kernel SHAP comes nearer at least as fast: more and more sizes are enumerated", async () => {
  const few = await error("kernelShap", 100);
  const many = await error("kernelShap", 1600);
  expect(few / many).toBeGreaterThan(2.5);
  expect(Math.max(...rowSums(credit(await ask("kernelShap", { samples: 100 }), "x")))).toBeCloseTo(
    rowSums(credit(await ask("shapleyValues"), "x"))[0] ?? NaN,
    4,
  );
});

test("sampling stops when every interval is small enough, and says when it was not", async () => {
  const loose = await ask("shapleyValueSampling", { tolerance: 0.1 });
  const tight = await ask("shapleyValueSampling", { tolerance: 0.03 });
  for (const [result, tolerance] of [
    [loose, 0.1],
    [tight, 0.03],
  ] as const) {
    expect(result.converged).toBe(true);
    expect(Math.max(...(result.error?.["x"]?.data ?? []))).toBeLessThanOrEqual(tolerance * Math.max(...credit(result, "x").data.map(Math.abs)));
  }
  expect(loose.points).toBeLessThan(tight.points);
  expect((await ask("shapleyValueSampling", { tolerance: 0.001, samples: 40 })).converged).toBe(false);
  // A number of samples alone is what was asked for.
  expect(await ask("shapleyValueSampling", { samples: 40 })).toMatchObject({ converged: true, points: 40 * (players + 1) });
});

test("coalitions weigh what the Shapley kernel says: in all, and for each size", () => {
  for (const samples of [30, 200, 1000, 4094]) {
    const found = kernelCoalitions(players, samples, uniforms(3));
    expect(found.length).toBeLessThanOrEqual(samples);
    const mass = (size: number): number => (players - 1) / (size * (players - size));
    const whole = Array.from({ length: players - 1 }, (_, i) => mass(i + 1)).reduce((s, m) => s + m, 0);
    expect(found.reduce((s, c) => s + c.weight, 0)).toBeCloseTo(whole, 9);
    const ofOne = found.filter(({ mask }) => mask.reduce((s, v) => s + v, 0) === 1).reduce((s, c) => s + c.weight, 0);
    if (samples >= 200) expect(ofOne).toBeCloseTo(mass(1), 9);
  }
  expect(new Set(kernelCoalitions(players, 4094, uniforms(3)).map(({ mask }) => mask.join(""))).size).toBe(4094);
});

test("least squares with a given sum treats all coefficients alike, with a ridge as well", () => {
  const x = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ].map((row) => Float64Array.from(row));
  // Without a ridge each coefficient misses its observation by the same third; a ridge pulls them towards each other.
  expect([...leastSquaresWithSum(x, [1, 2, 3], [1, 1, 1], 9)]).toEqual([2, 3, 4].map((v) => expect.closeTo(v, 9) as number));
  const pulled = leastSquaresWithSum(x, [1, 2, 3], [1, 1, 1], 9, 1);
  expect([...pulled]).toEqual([2.5, 3, 3.5].map((v) => expect.closeTo(v, 9) as number));
});
