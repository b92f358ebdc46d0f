import { expect, it } from "vitest";
import { ExplainError } from "../../../src/base/diagnostic.js";
import type { Graph } from "../../../src/graph/ir.js";
import { tensor, type Tensor } from "../../../src/tensor/tensor.js";
import { float32, graphOf, int64, op } from "../graph/build.js";
import { openGraph } from "./onDisk.js";

const x = float32([1, 4]);

async function refusal(
  graph: Graph,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<{ message: string; node: string | undefined; hint: string | undefined }> {
  const model = await openGraph(graph);
  const error: unknown = await model
    .attribute({ method: "saliency", inputs, fixed: Object.keys(inputs).filter((name) => name !== "x"), targets: [{ value: "y", index: [0] }] })
    .catch((e: unknown) => e);
  if (!(error instanceof ExplainError)) throw new Error("it was explained");
  expect(error.diagnostic.code).toBe("UNSUPPORTED_OPERATOR");
  // What needs no gradient still works.
  const { result } = await model.attribute({
    method: "featureAblation",
    inputs,
    fixed: Object.keys(inputs).filter((name) => name !== "x"),
    targets: [{ value: "y", index: [0] }],
  });
  expect(result.attributions["x"]?.data.some((c) => c !== 0)).toBe(true);
  return { message: error.message, node: error.diagnostic.node, hint: error.diagnostic.hint };
}

it("says why a sequence could not be resolved", async () => {
  const at = tensor("int64", [], [1]);
  const graph = graphOf({
    inputs: { x, at },
    nodes: [op("Neg", ["x"], ["n"]), op("SequenceConstruct", ["x", "n"], ["s"]), op("SequenceAt", ["s", "at"], ["y"])],
    outputs: ["y"],
  });
  const { message, node, hint } = await refusal(graph, { x, at });
  expect(message).toMatch(/SequenceAt of node "SequenceAt:y": .*only known at run time/);
  expect(node).toBe("SequenceAt:y");
  expect(hint).toContain("featureAblation");
});

it("says why a recurrence could not be laid out", async () => {
  const long = int64(4100, 1, 4);
  const graph = graphOf({
    inputs: { x },
    constants: { long, w: float32([1, 2, 4]), r: float32([1, 2, 2]), flat: int64(1, 2) },
    nodes: [op("Expand", ["x", "long"], ["steps"]), op("RNN", ["steps", "w", "r"], ["", "last"], { hidden_size: 2 }), op("Reshape", ["last", "flat"], ["y"])],
    outputs: ["y"],
  });
  const { message, node } = await refusal(graph, { x });
  expect(node).toBe("RNN:");
  expect(message).toMatch(/it takes 4100 steps, and 4096 are the most/);
});
