import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { MethodName } from "../../../src/protocol/names.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { openModel } from "../../../src/runtime/open.js";
import type { OpenModel } from "../../../src/runtime/openModel.js";

const diabetes = { model: resolve("examples/diabetes/model.onnx"), samples: resolve("examples/diabetes/samples.csv"), rows: [3], targets: ["pos"] };
const digits = { model: resolve("examples/digits/model.onnx"), rows: [1], targets: ["3"] };
const review = { model: resolve("examples/review-profile/model.onnx"), rows: [2] };
const asked: readonly (readonly [string, ExplainRequest])[] = [
  ...(["integratedGradients", "deepLift", "lrp", "shapleyValueSampling", "gradientShap", "layerConductance"] satisfies readonly MethodName[]).map(
    (method) => [`diabetes by ${method}`, { ...diabetes, method }] as const,
  ),
  ["digits by integrated gradients", { ...digits, method: "integratedGradients" }],
  ["digits by guided Grad-CAM", { ...digits, method: "guidedGradCam" }],
  ["a review by integrated gradients", { ...review, method: "integratedGradients" }],
];

async function withModel<T>(request: ExplainRequest, use: (open: () => Promise<OpenModel>) => Promise<T>): Promise<T> {
  const model = await openModel(request.model, request.threads === undefined ? {} : { threads: request.threads });
  try {
    return await use(() => Promise.resolve(model));
  } finally {
    await model.dispose();
  }
}

/** All that is computed, as text: equal texts are equal bytes, as JSON's numbers read back exactly. */
const bytesOf = ({ results }: Explanation): string => JSON.stringify(results);

/** The largest difference of two explanations' credits of their first rows, as a part of the largest credit. */
function difference(a: Explanation, b: Explanation): number {
  const credits = ({ results }: Explanation): readonly number[] => Object.values(results[0]?.attributions ?? {}).flatMap((c) => [...c.data]);
  const [x, y] = [credits(a), credits(b)];
  expect(x.length).toBe(y.length);
  expect(x.length).toBeGreaterThan(0);
  const largest = x.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return x.reduce((most, v, i) => Math.max(most, Math.abs(v - (y[i] ?? NaN))), 0) / largest;
}

describe.each(asked)("%s", (_, request) => {
  it("has the same bytes again, with caches cold and warm, and after other questions", async () => {
    const first = await withModel(request, async (open) => {
      const cold = bytesOf(await explain(request, open));
      expect(bytesOf(await explain(request, open))).toBe(cold);
      await explain({ ...request, rows: [0, 4], targets: ["predicted"] }, open);
      await explain({ ...request, method: "saliency" }, open);
      expect(bytesOf(await explain(request, open))).toBe(cold);
      return cold;
    });
    expect(bytesOf(await withModel(request, (open) => explain(request, open)))).toBe(first);
  });

  it("agrees within 1e-5 of the largest credit on one thread, on three, and beside other rows", async () => {
    const usual = await withModel(request, (open) => explain(request, open));
    for (const threads of [1, 3]) {
      const other = { ...request, threads };
      expect(difference(usual, await withModel(other, (open) => explain(other, open)))).toBeLessThan(1e-5);
    }
    const more = { ...request, rows: [...(request.rows === "all" ? [] : (request.rows ?? [])), 0, 4, 5] };
    expect(difference(usual, await withModel(more, (open) => explain(more, open)))).toBeLessThan(1e-5);
  });
});
