import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import type { Graph } from "../../../src/graph/ir.js";
import { grow, listed } from "../attribution/trees/forest.js";
import { graphOf, op } from "../graph/build.js";
import { modelAt } from "../modelAt.js";
import { openGraph } from "../runtime/onDisk.js";

const forest = listed([grow(1, 4, 3), grow(2, 4, 3)], 4, { kind: "Regressor", outputOf: () => 0 });

/** Words are counted: no gradient, no trees. */
const counted = graphOf({
  inputs: { text: { name: "text", dtype: "string", dims: ["rows", 1] } },
  nodes: [
    op("TfIdfVectorizer", ["text"], ["y"], {
      mode: "TF",
      min_gram_length: 1,
      max_gram_length: 1,
      max_skip_count: 0,
      ngram_counts: [0],
      ngram_indexes: [0, 1],
      pool_strings: { kind: "strings", value: ["good", "bad"] },
    }),
  ],
  outputs: ["y"],
});

async function methodFor(graph: Graph, request: Partial<ExplainRequest>): Promise<{ readonly method: string | undefined; readonly codes: readonly string[] }> {
  const outputs = [{ name: "y", dtype: "float32", dims: ["rows", 1] }] as const;
  const model = await openGraph({ ...graph, outputs });
  const explanation = await explain({ model: resolve("nowhere/model.onnx"), ...request }, () => Promise.resolve(model));
  return { method: explanation.request.method, codes: explanation.diagnostics.map(({ code }) => code) };
}

describe("a request that leaves the method open", () => {
  const values = { x: "[1, 2, 0, 3]" };

  test("is answered by the trees' own method, or by coalitions, where no gradient goes through, and says so", async () => {
    const trees = await methodFor(forest, { values, anyMethod: true });
    expect(trees).toMatchObject({ method: "treeShap", codes: expect.arrayContaining(["OTHER_METHOD"]) as unknown });
    const text = await methodFor(counted, { values: { text: "good" }, anyMethod: true });
    expect(text).toMatchObject({ method: "shapleyValues", codes: expect.arrayContaining(["OTHER_METHOD"]) as unknown });
  });

  test("keeps the default where it works, whatever else fails", async () => {
    const model = resolve("examples/diabetes/model.onnx");
    const request = { model, samples: resolve("examples/diabetes/samples.csv"), anyMethod: true };
    expect((await explain(request, modelAt)).request.method).toBe("integratedGradients");
    await expect(explain({ ...request, targets: ["nothing"] }, modelAt)).rejects.toThrow(/nothing/);
  });

  test("is refused as before when the method was named", async () => {
    await expect(methodFor(forest, { values })).rejects.toThrow(/can't pass/);
    await expect(methodFor(forest, { values, method: "integratedGradients", anyMethod: true })).rejects.toThrow(/can't pass/);
  });
});
