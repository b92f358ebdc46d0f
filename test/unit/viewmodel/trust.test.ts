import { expect, test } from "vitest";
import type { Measured, Result } from "../../../src/protocol/explanation.js";
import type { MeasureName } from "../../../src/protocol/names.js";
import { trustMeasures } from "../../../src/viewmodel/trust.js";

const result: Result = {
  row: 0,
  target: { value: "p", index: [1] },
  prediction: { value: "p", data: [0.2, 0.8] },
  score: 0.8,
  baselineScore: 0.5,
  delta: 0,
  points: 9,
  attributions: {},
};

const found = (name: MeasureName, measured: Measured) => trustMeasures({ ...result, measures: { [name]: measured } })?.find((one) => one.name === name)?.found;

const curve = (value: readonly number[], chance: readonly number[]): Pick<Measured, "curve"> => ({ curve: { share: [0, 0.5, 1], value, chance } });

test.each([
  ["deletion", { value: 0.2, parts: { random: 0.5 }, ...curve([1, 0.1, 0], [1, 0.5, 0]) }, "good", "falls faster than by chance"],
  ["deletion", { value: 0.6, parts: { random: 0.5 }, ...curve([1, 0.9, 0], [1, 0.5, 0]) }, "poor", "no faster than by chance"],
  ["insertion", { value: 0.52, parts: { random: 0.5 }, ...curve([0, 0.52, 1], [0, 0.5, 1]) }, "fair", "little faster"],
  ["deletion", { value: 1, parts: { random: 1 }, ...curve([1, 1, 1], [1, 1, 1]) }, "unknown", "no curve to read"],
  ["infidelity", { value: 1e-4, parts: { relative: 0.04 } }, "good", "they miss 4.0 % of it (infidelity 1·10⁻⁴)"],
  ["infidelity", { value: 1, parts: { relative: NaN } }, "unknown", "nothing to miss"],
  ["sensitivity", { value: 0.7 }, "poor", "Unsteady: near this sample the credits change by up to 70.0 %"],
  ["baselines", { value: -0.25, parts: { zero: -0.25, median: 1 } }, "poor", "(zeros −0.25, median of the training rows 1.00)"],
  ["agreement", { value: 0.9, parts: { lime: 0.9 } }, "good", "LIME ranks the features with a rank correlation of 0.90"],
  ["agreement", { value: 0.6, parts: { lime: 0.7, saliency: 0.5 } }, "fair", "2 other methods agree in part"],
  ["agreement", { value: NaN, parts: { lime: NaN } }, "unknown", "no order to compare"],
  ["randomisation", { value: 0.95 }, "poor", "say little of what the model has learned"],
  ["randomisation", { value: -0.3 }, "good", "rank correlation −0.30"],
] as const)("%s, %j: %s", (name, measured, verdict, words) => {
  const one = found(name, measured);
  expect(one?.verdict).toBe(verdict);
  expect(one?.sentence).toContain(words);
});

test("lists of a matrix are called as people call them, the explained one first", () => {
  const values = [
    [1, 0],
    [0, 1],
  ];
  expect(found("agreement", { value: 0, matrix: { names: ["integratedGradients", "deepLift"], values } })?.matrix?.names).toEqual([
    "Integrated gradients",
    "DeepLIFT",
  ]);
  expect(found("baselines", { value: 0, matrix: { names: ["", "zero"], values } })?.matrix?.names).toEqual(["as shown", "zeros"]);
});

test("every measure is offered where there is a target, with its reason where it has no meaning; none without a target", () => {
  const offered = trustMeasures(result, { baselines: "no baseline" });
  expect(offered?.map(({ name, found: own, refused }) => [name, own, refused])).toEqual(
    ["deletion", "insertion", "infidelity", "sensitivity", "baselines", "agreement", "randomisation"].map((name) => [
      name,
      undefined,
      name === "baselines" ? "no baseline" : undefined,
    ]),
  );
  const { target: _, ...without } = result;
  expect(trustMeasures(without)).toBeUndefined();
});
