import { resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { AttributionResult } from "../../../src/attribution/plan.js";
import type { MethodOptions } from "../../../src/protocol/request.js";
import { openModel } from "../../../src/runtime/open.js";
import { tensor } from "../../../src/tensor/tensor.js";

const opened = openModel(resolve("test/fixtures/reference/models/captum/basic-linear-model.onnx"));
afterAll(async () => (await opened).dispose());

const inputs = { x1: tensor("float32", [1, 3], [0.5, -1.5, 2]), x2: tensor("float32", [1, 4], [-0.25, 1, 0.75, 3]) };

async function credits(method: "lime" | "inputXGradient", options: MethodOptions = {}): Promise<number[]> {
  const { result } = await (await opened).attribute({ method, inputs, targets: [{ value: "output", index: [0] }], options });
  return flat(result);
}

const flat = (result: AttributionResult): number[] => Object.values(result.attributions).flatMap(({ data }) => [...data]);

describe("lime", () => {
  it("finds a linear model's own terms, as nothing is left to imitate", async () => {
    const found = await credits("lime", { regularisation: 0 });
    const exact = await credits("inputXGradient");
    expect(found).toHaveLength(7);
    found.forEach((value, i) => expect(value).toBeCloseTo(exact[i]!, 5));
  });

  it("shrinks the coefficients as the regularisation grows", async () => {
    const norm = (values: readonly number[]): number => Math.hypot(...values);
    expect(norm(await credits("lime", { regularisation: 1000 }))).toBeLessThan(0.5 * norm(await credits("lime", { regularisation: 0 })));
  });

  it("draws the same patterns for the same seed and others for another", async () => {
    const drawn = (seed: number): Promise<number[]> => credits("lime", { seed, regularisation: 1, samples: 30 });
    const first = await drawn(1);
    expect(await drawn(1)).toEqual(first);
    expect(await drawn(2)).not.toEqual(first);
  });
});
