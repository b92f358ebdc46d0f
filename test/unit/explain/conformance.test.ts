import { resolve } from "node:path";
import { expect, it } from "vitest";
import { methods } from "../../../src/attribution/methods/index.js";
import { compare, runCases, type ReferenceCase } from "../../../src/explain/conformance.js";
import { openModel } from "../../../src/runtime/open.js";

const folder = resolve("test/fixtures/reference/cases");

it("meets the reference numbers of the tutorial network for every method there is", async () => {
  const failed: unknown[] = [];
  let passed = 0;
  for await (const outcome of runCases(folder, (file) => openModel(file), { filter: "diabetes.json" })) {
    if (outcome.ok) passed++;
    else if (!/^UNKNOWN_METHOD /.test(outcome.reason ?? "")) failed.push(outcome);
  }
  expect(failed).toEqual([]);
  // The cases of the gradient and layer methods.
  expect(passed).toBeGreaterThanOrEqual(42);
  expect(Object.keys(methods).length).toBeGreaterThanOrEqual(11);
});

const reference: ReferenceCase = {
  id: "one",
  inputs: {},
  request: { method: "saliency" },
  expect: { attributions: { x: { dims: [1, 2], data: [10, -20] } } },
  tolerance: { relative: 0.01, absolute: 0.1 },
};
const result = (data: readonly number[]): Parameters<typeof compare>[1] => ({
  attributions: { x: { dims: [1, 2], data } },
  delta: [0.5],
  score: [3],
  baselineScore: [1],
  points: 1,
  error: null,
  converged: true,
});

it("a number that is missing outweighs all that follow, also where nothing is allowed", () => {
  for (const tolerance of [reference.tolerance, { relative: 0, absolute: 0 }])
    expect(compare({ ...reference, tolerance }, result([NaN, -20])).error).toBe(Infinity);
});

it("allows absolute + relative × the largest expected value", () => {
  const { error, allowed } = compare(reference, result([10.25, -20]));
  expect(allowed).toBeCloseTo(0.3, 12);
  expect(error).toBeCloseTo(0.25, 12);
});

it("fails on NaN, a missing tensor and another size", () => {
  const { error, allowed } = compare(reference, result([NaN, -20]));
  expect(error <= allowed).toBe(false);
  expect(() => compare(reference, result([1]))).toThrow(/dims/);
  expect(() => compare({ ...reference, expect: { attributions: { y: { dims: [1], data: [1] } } } }, result([1, 2]))).toThrow(/no y/);
});

it("looks at the named positions only", () => {
  const some = { ...reference, expect: { attributions: { x: { dims: [1, 1], data: [-20], positions: [1] } } } };
  expect(compare({ ...some, expect: { attributions: { x: { dims: [1, 2], data: [-20], positions: [1] } } } }, result([999, -20])).error).toBe(0);
});

it("holds completeness against the largest change of a score", () => {
  const complete = { ...reference, expect: { completeness: 0.3 } };
  expect(compare(complete, result([0, 0]))).toEqual({ error: 0.5, allowed: 0.6 });
});
