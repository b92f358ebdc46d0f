import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import { splitsText } from "../../../src/explain/splitsText.js";
import type { Credit, Explanation } from "../../../src/protocol/explanation.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { float32, graphOf, op } from "../graph/build.js";
import { openGraph } from "../runtime/onDisk.js";

/** Says 1 + 3 for each "good", minus 1 for each "bad"; letters are made small first. */
const graph = graphOf({
  inputs: { text: { name: "text", dtype: "string", dims: ["rows", 1] } },
  constants: { flat: { dtype: "int64", dims: [1], data: new BigInt64Array([-1n]) }, w: float32([2, 1], [3, -1]), one: float32([1], [1]) },
  nodes: [
    op("Reshape", ["text", "flat"], ["lines"]),
    op("StringNormalizer", ["lines"], ["small"], { case_change_action: "LOWER", locale: "C" }),
    op("Tokenizer", ["small"], ["words"], { mark: 0, mincharnum: 1, pad_value: "#", tokenexp: "[a-z]+" }, "com.microsoft"),
    op("TfIdfVectorizer", ["words"], ["counts"], {
      mode: "TF",
      min_gram_length: 1,
      max_gram_length: 1,
      max_skip_count: 0,
      ngram_counts: [0],
      ngram_indexes: [0, 1],
      pool_strings: { kind: "strings", value: ["good", "bad"] },
    }),
    op("MatMul", ["counts", "w"], ["sum"]),
    op("Add", ["sum", "one"], ["y"]),
  ],
  outputs: ["y"],
  opsets: { "": 17, "com.microsoft": 1 },
});
const text = "Good, not bad: GOOD!";

async function ask(request: Partial<ExplainRequest>): Promise<{ readonly explanation: Explanation; readonly credit: Credit }> {
  const outputs = [{ name: "y", dtype: "float32", dims: ["rows", 1] }] as const;
  const model = await openGraph({ ...graph, outputs });
  const explanation = await explain({ model: resolve("nowhere/model.onnx"), values: { text }, ...request }, () => Promise.resolve(model));
  return { explanation, credit: explanation.results[0]?.attributions["text"] ?? expect.fail("no credit") };
}

describe("a text that the model splits itself", () => {
  test("is told from categories by what reads it", () => {
    expect(splitsText(graph, "text")).toBe(true);
    expect(splitsText({ ...graph, nodes: graph.nodes.slice(0, 2) }, "text")).toBe(false);
  });

  test.each(["featureAblation", "shapleyValues", "kernelShap", "occlusion"] as const)("has credit by word, by %s", async (method) => {
    const { explanation, credit } = await ask({ method });
    expect(credit).toMatchObject({ dims: [4], labels: ["Good", "not", "bad", "GOOD"], text });
    expect(credit.spans?.map(([start, end]) => text.slice(start, end))).toEqual(credit.labels);
    credit.data.forEach((x, i) => expect(x).toBeCloseTo([3, 0, -1, 3][i] ?? NaN, 5));
    expect(explanation.request.baselines).toEqual({ text: "empty" });
  });

  test("starts from no text, whose score is the model's own", async () => {
    const { explanation } = await ask({ method: "shapleyValues" });
    expect(explanation.results[0]).toMatchObject({ score: 6, baselineScore: 1 });
    expect(Math.abs(Number(explanation.results[0]?.delta))).toBeLessThan(1e-6);
  });

  test("is one value where another text stands in for it", async () => {
    const { credit } = await ask({ method: "featureAblation", baselines: { text: "bad" } });
    expect(credit).toMatchObject({ dims: [1], data: [6], values: [text] });
    expect(credit.spans).toBeUndefined();
  });

  test("has words of its own in each row", async () => {
    const model = await openGraph({ ...graph, outputs: [{ name: "y", dtype: "float32", dims: ["rows", 1] }] });
    const texts = ["good", "a bad day"];
    const answers = await Promise.all(
      texts.map((one) => explain({ model: resolve("nowhere/model.onnx"), values: { text: one }, method: "featureAblation" }, () => Promise.resolve(model))),
    );
    expect(answers.map(({ results }) => results[0]?.attributions["text"]?.labels)).toEqual([["good"], ["a", "bad", "day"]]);
  });
});
