import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import type { Explanation } from "../../../src/protocol/explanation.js";
import type { Region, RegionEdit } from "../../../src/protocol/region.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { buildView } from "../../../src/viewmodel/build.js";
import { editRegion } from "../../../src/vscode/regionEdits.js";
import { editedValues } from "../../../src/vscode/sampleEdits.js";
import { float32, graphOf, int64, op } from "../graph/build.js";
import { modelAt } from "../modelAt.js";
import { openGraph } from "../runtime/onDisk.js";

/** Regions changed as the panel changes them, and the models' own answers to that. */

type Open = typeof modelAt;

async function changed(base: Explanation, open: Open, region: Region, what: RegionEdit): Promise<Explanation> {
  const edits = editRegion({}, base, base.model.inputs[0]?.name ?? "", region, what);
  return explain({ ...base.request, values: editedValues(edits) }, open);
}

const scoreOf = ({ results }: Explanation): number => results[0]?.score ?? NaN;

describe("the digit of the examples", () => {
  const request: ExplainRequest = { model: resolve("examples/digits/model.onnx"), rows: [0] };

  test("without its lower half another digit is predicted; without all of it the baseline's score is left", async () => {
    const base = await explain(request, modelAt);
    const half = await changed({ ...base, request: { ...base.request, targets: ["6"] } }, modelAt, { left: 0, top: 4, width: 8, height: 4 }, "remove");
    expect(buildView({ explanation: base }).prediction.label).toBe("6");
    expect(buildView({ explanation: half }).prediction.label).not.toBe("6");
    expect(scoreOf(half)).toBeLessThan(scoreOf(base) / 2);
    // What was removed is as the baseline is: no credit is left for it.
    const { dims, data } = half.results[0]?.attributions["image"] ?? { dims: [], data: [] };
    expect([dims, data.slice(32).every((credit) => credit === 0), data.slice(0, 32).some((credit) => credit !== 0)]).toEqual([[1, 8, 8], true, true]);
    const nothing = await changed({ ...base, request: { ...base.request, targets: ["6"] } }, modelAt, { left: 0, top: 0, width: 8, height: 8 }, "remove");
    expect(scoreOf(nothing)).toBeCloseTo(base.results[0]?.baselineScore ?? NaN, 6);
  });
});

describe.each([
  ["numbers", "float32"],
  ["levels", "uint8"],
] as const)("a picture of any size, channels last, as %s", (_, dtype) => {
  const weights = [1, 10, 100];
  const computed = graphOf({
    inputs: { picture: { name: "picture", dtype, dims: ["batch", "height", "width", 3] } },
    constants: { w: float32([3], weights), axes: int64(1, 2, 3) },
    nodes: [op("Cast", ["picture"], ["x"], { to: 1 }), op("Mul", ["x", "w"], ["weighted"]), op("ReduceSum", ["weighted", "axes"], ["y"], { keepdims: 0 })],
    outputs: ["y"],
  });
  const graph = { ...computed, outputs: [{ name: "y", dtype: "float32" as const, dims: ["batch"] }] };

  test("keeps its shape when it is edited, and the model sees what was left", async () => {
    const opened = await openGraph(graph);
    const open = (): Promise<typeof opened> => Promise.resolve(opened);
    const base = await explain({ model: "model.onnx", samples: resolve("test/fixtures/data/picture.png"), rows: [0], method: "saliency" }, open);
    const credit = base.results[0]?.attributions["picture"];
    const values = (credit?.values ?? []).map(Number);
    const [height = 0, width = 0] = credit?.dims ?? [];
    expect(height * width * 3).toBe(values.length);
    const region = { left: 1, top: 2, width: 4, height: 3 };
    const removed = await changed(base, open, region, "remove");
    expect(removed.results[0]?.attributions["picture"]?.dims).toEqual(credit?.dims);
    // Saliency has no baseline: each channel's mean stands where a pixel was removed.
    const means = [0, 1, 2].map((c) => values.filter((__, i) => i % 3 === c).reduce((a, b) => a + b, 0) / (height * width));
    const isInside = (pixel: number): boolean => {
      const [line, column] = [Math.floor(pixel / width), pixel % width];
      return line >= 2 && line < 5 && column >= 1 && column < 5;
    };
    const mean = (c: number): number => (dtype === "uint8" ? Math.round(means[c] ?? NaN) : (means[c] ?? NaN));
    const expected = values.reduce((sum, value, i) => sum + (weights[i % 3] ?? 0) * (isInside(Math.floor(i / 3)) ? mean(i % 3) : value), 0);
    expect((scoreOf(removed) - expected) / expected).toBeCloseTo(0, 5);
  });
});
