import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { explain } from "../../../src/explain/explain.js";
import { encodeModel } from "../../../src/graph/encode.js";
import { serializeModel } from "../../../src/onnx/parse.js";
import { float32, graphOf, op } from "../graph/build.js";
import { modelAt } from "../modelAt.js";

const folder = mkdtempSync(join(tmpdir(), "explain-groups-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("the sidecar's groups come with the credits of the features, also of an edited sample", async () => {
  const columns = ["age", "colour_red", "colour_blue"];
  const graph = graphOf({
    inputs: { x: float32([1, 3]) },
    constants: { w: float32([3, 1], [0.5, 2, -3]) },
    nodes: [op("MatMul", ["x", "w"], ["y"])],
    outputs: ["y"],
  });
  const inputs = graph.inputs.map((input) => ({ ...input, dims: ["batch", 3] }));
  const outputs = graph.outputs.map((output) => ({ ...output, dtype: "float32" as const, dims: ["batch", 1] }));
  const [model, samples] = [join(folder, "m.onnx"), join(folder, "m.csv")];
  writeFileSync(model, serializeModel(encodeModel({ ...graph, inputs, outputs })));
  writeFileSync(samples, `${columns.join()}\n40,1,0\n`);
  const groups = { colour: ["colour_red", "colour_blue"] };
  writeFileSync(join(folder, "m.explain.json"), JSON.stringify({ inputs: { x: { role: "features", columns, groups } } }));
  for (const values of [{}, { x: "[40, 0, 1]" }]) {
    const { results } = await explain({ model, samples, values }, modelAt);
    expect(results[0]?.attributions["x"]).toMatchObject({ labels: columns, featureGroups: [{ name: "colour", members: [1, 2] }] });
  }
});
