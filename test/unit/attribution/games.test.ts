import { expect, test } from "vitest";
import { credit, deviation, diabetes, rowSums } from "./engine.js";

test("Shapley values add up, and Kernel SHAP with all coalitions is the same", async () => {
  const { result } = await diabetes({ method: "shapleyValues" });
  const change = result.score?.map((s, r) => s - (result.baselineScore?.[r] ?? NaN)) ?? [];
  expect(deviation(rowSums(credit(result)), change)).toBeLessThan(1e-5);
  const kernel = await diabetes({ method: "kernelShap", options: { samples: 256 } });
  expect(deviation(credit(kernel.result).data, credit(result).data)).toBeLessThan(1e-6);
});

test("sampled Shapley values: nearly all intervals hold the exact value, and a seed repeats its numbers", async () => {
  const exact = credit((await diabetes({ method: "shapleyValues" })).result).data;
  const options = { samples: 200, seed: 7 };
  const { result } = await diabetes({ method: "shapleyValueSampling", options });
  const half = result.error?.["measurements"]?.data ?? [];
  const held = exact.filter((x, i) => Math.abs((credit(result).data[i] ?? NaN) - x) <= (half[i] ?? NaN) + 1e-6).length;
  // 95 % intervals of 24 numbers: 19 or fewer have a probability below 0.1 % (and the seed is fixed).
  expect(held).toBeGreaterThan(19);
  expect(half.some((h) => h > 0)).toBe(true);
  expect(credit((await diabetes({ method: "shapleyValueSampling", options })).result).data).toEqual(credit(result).data);
});

test("Kernel SHAP from fewer coalitions comes near, and still adds up", async () => {
  const { result } = await diabetes({ method: "kernelShap", options: { samples: 200 } });
  const exact = credit((await diabetes({ method: "shapleyValues" })).result).data;
  expect(deviation(credit(result).data, exact)).toBeLessThan(0.1);
  expect(result.delta?.every((d) => Math.abs(d) < 1e-5)).toBe(true);
});

test("groups are one player: they share a credit", async () => {
  const groups = { measurements: [0, 1, 1, 2, 2, 2, 3, 3] };
  const { data } = credit((await diabetes({ method: "featureAblation", options: { groups } })).result);
  expect(data[1]).toBe(data[2]);
  expect(data[3]).toBe(data[5]);
  expect(data[0]).not.toBe(data[1]);
});
