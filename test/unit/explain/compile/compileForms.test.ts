import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { present } from "../../../../src/base/assert.js";
import { writeModel } from "../../../../src/explain/compile/writeModel.js";
import { decodeModel } from "../../../../src/graph/decode.js";
import { encodeModel } from "../../../../src/graph/encode.js";
import type { Attribute, DeclaredDim, Graph, ValueInfo } from "../../../../src/graph/ir.js";
import { parseModel, serializeModel } from "../../../../src/onnx/parse.js";
import { tensor } from "../../../../src/tensor/tensor.js";
import { graphOf, op } from "../../graph/build.js";
import { compileTo, explained, rowsOfOutput, runFile } from "./compiled.js";

const diabetes = resolve("examples/diabetes/model.onnx");
const folder = mkdtempSync(join(tmpdir(), "compile-forms-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string, graph: Graph): string => {
  const file = join(folder, name);
  writeFileSync(file, serializeModel(encodeModel({ ...graph, outputs: graph.outputs.map((o) => ({ ...o, dtype: "float32" })) })));
  return file;
};
const decoded = (file: string): ReturnType<typeof decodeModel> => decodeModel(parseModel(readFileSync(file), file));
const open = (...dims: readonly DeclaredDim[]): ValueInfo => ({ name: "x", dtype: "float32", dims });
const row = [6, 148, 72, 35, 0, 33.6, 0.627, 50];

describe("a compiled file", () => {
  it("takes the baseline as an input where it varies: one row for all, or one a row", async () => {
    const { file, inputs } = await compileTo({ model: diabetes, baselines: { "": "input" }, targets: ["1"] });
    expect(inputs.map(({ name, dims }) => [name, dims])).toEqual([
      ["measurements", ["batch", 8]],
      ["measurements/baseline", ["baseline_batch", 8]],
    ]);
    const samples = tensor("float32", [2, 8], [...row, ...row.map((x) => x / 2)]);
    const zero = await runFile(file, { measurements: samples, "measurements/baseline": tensor("float32", [1, 8], Array<number>(8).fill(0)) });
    const { results } = await explained({ model: diabetes, values: { measurements: JSON.stringify(row) }, baselines: { "": "zero" }, targets: ["1"] });
    const wanted = present(results[0]?.attributions["measurements"], "credit").data;
    rowsOfOutput(zero["attributions/measurements"], 2)[0]?.forEach((x, i) => expect(x).toBeCloseTo(wanted[i] ?? NaN, 5));
    // A sample that starts at itself goes nowhere.
    const still = await runFile(file, { measurements: samples, "measurements/baseline": samples });
    expect(new Set(rowsOfOutput(still["attributions/measurements"], 1)[0])).toEqual(new Set([0]));
  });

  it("says what was asked, by which version, and names no folder", async () => {
    const { file, request } = await compileTo({ model: diabetes, targets: ["pos"] });
    const { metadata, graph } = decoded(file);
    expect(Object.keys(metadata).sort()).toEqual(
      ["features", "labels", "points", "prediction", "request", "rows_per_run", "version"].map((key) => `explain_prediction.${key}`),
    );
    expect(JSON.parse(metadata["explain_prediction.request"] ?? "")).toEqual({ ...request, model: "model.onnx", samples: "samples.csv" });
    expect(JSON.parse(metadata["explain_prediction.labels"] ?? "")).toEqual(["neg", "pos"]);
    expect(readFileSync(file, "latin1")).not.toContain(resolve("examples"));
    // Operators of the standard alone.
    expect(new Set(graph.nodes.map((n) => n.domain))).toEqual(new Set([""]));
  });

  it("needs no sample where the model fixes every size", async () => {
    const model = fileOf("square.onnx", graphOf({ inputs: { x: open("n", 3) }, nodes: [op("Mul", ["x", "x"], ["y"])], outputs: ["y"] }));
    const { file } = await compileTo({ model, targets: ["y[1]"] });
    const outputs = await runFile(file, { x: tensor("float32", [2, 3], [1, 2, 3, 4, 5, 6]) });
    rowsOfOutput(outputs["attributions/x"], 2)
      .flat()
      .forEach((x, i) => expect(x).toBeCloseTo([0, 4, 0, 0, 25, 0][i] ?? NaN, 5));
  });

  it("goes point by point where rows can't be stacked", async () => {
    const nodes = [op("ReduceMax", ["x"], ["most"], { keepdims: 0 }), op("Mul", ["x", "most"], ["y"])];
    const model = fileOf("joined.onnx", graphOf({ inputs: { x: open("n", 3) }, nodes, outputs: ["y"] }));
    const request = { model, values: { x: "[1, 2, 3]" }, targets: ["y[0]"] };
    const compiled = await compileTo(request);
    expect(compiled.inputs[0]?.dims).toEqual([1, 3]);
    expect(compiled.rowsPerRun).toBe(1);
    expect(decoded(compiled.file).graph.nodes.map((n) => n.op)).toContain("Scan");
    const outputs = await runFile(compiled.file, { x: tensor("float32", [1, 3], [1, 2, 3]) });
    const { results } = await explained(request);
    const wanted = present(results[0]?.attributions["x"], "credit").data;
    rowsOfOutput(outputs["attributions/x"], 1)[0]?.forEach((x, i) => expect(x).toBeCloseTo(wanted[i] ?? NaN, 5));
    expect(rowsOfOutput(outputs["score"], 1)).toEqual([[3]]);
  });

  it("keeps large weights in a file beside it", async () => {
    const { file } = await compileTo({ model: resolve("examples/digits/model.onnx"), targets: ["3"] });
    const out = join(folder, "split.onnx");
    const written = await writeModel(decoded(file).graph, out, folder, { note: "kept" }, 4096);
    expect(written.data?.file).toBe(`${out}.data`);
    expect(statSync(`${out}.data`).size).toBe(written.data?.bytes);
    expect(written.bytes).toBeLessThan(statSync(file).size);
    expect(decoded(out).metadata).toEqual({ note: "kept" });
    const feeds = {
      image: tensor(
        "float32",
        [1, 1, 8, 8],
        Array.from({ length: 64 }, (_, i) => (i % 5) / 4),
      ),
    };
    const [whole, split] = [await runFile(file, feeds), await runFile(out, feeds)];
    expect(rowsOfOutput(split["attributions/image"], 1)).toEqual(rowsOfOutput(whole["attributions/image"], 1));
  });
});

describe("what can't be compiled is refused with the reason", () => {
  it.each([
    [{ method: "kernelShap" } as const, "OPTION_INVALID", /kernelShap can't be compiled: it draws at random/],
    [{ method: "occlusion" } as const, "OPTION_INVALID", /runs the model on many changed samples/],
    [{ method: "treeShap" } as const, "OPTION_INVALID", /treeShap/],
    [{ options: { tolerance: 0.1 } }, "OPTION_INVALID", /a tolerance was asked for/],
    [{ options: { noise: "smoothgrad" } }, "OPTION_INVALID", /noise was asked for/],
    [{ targets: ["0", "1"] }, "OPTION_INVALID", /2 were named/],
    [{ targets: ["top:2"] }, "OPTION_INVALID", /asks for several/],
    [{ baselines: { "": "zero+mean" } }, "BASELINE_INVALID", /several baselines/],
    [{ baselines: { "": "population:5" } }, "BASELINE_INVALID", /several baselines/],
    [{ options: { steps: 50 } }, "OPTION_INVALID", /no level of 50 points/],
  ])("%o", async (asked, code, message) => {
    await expect(compileTo({ model: diabetes, ...asked })).rejects.toMatchObject({
      diagnostic: { code, message: expect.stringMatching(message) as unknown, hint: expect.any(String) as unknown },
    });
  });

  it("an If that the sample decides", async () => {
    const branch = (name: string): Attribute => ({
      kind: "graph",
      value: { ...graphOf({ nodes: [op(name, ["x"], [`${name}/y`])], outputs: [`${name}/y`] }), opsets: {} },
    });
    const nodes = [
      op("ReduceSum", ["x"], ["sum"], { keepdims: 0 }),
      op("Greater", ["sum", "zero"], ["up"]),
      op("If", ["up"], ["y"], { then_branch: branch("Identity"), else_branch: branch("Neg") }),
    ];
    const model = fileOf("branches.onnx", graphOf({ inputs: { x: open(1, 2) }, constants: { zero: tensor("float32", [], [0]) }, nodes, outputs: ["y"] }));
    await expect(compileTo({ model, values: { x: "[1, 2]" }, targets: ["y[0]"] })).rejects.toMatchObject({
      diagnostic: { code: "MODEL_UNSUPPORTED", node: "If:y", message: expect.stringMatching(/depending on the sample/) as unknown },
    });
  });

  it("a place that can't be written", async () => {
    const { graph } = decoded((await compileTo({ model: diabetes, targets: ["1"] })).file);
    await expect(writeModel(graph, join(folder, "none", "x.onnx"), folder, {})).rejects.toMatchObject({ diagnostic: { code: "FILE_NOT_FOUND" } });
  });
});
