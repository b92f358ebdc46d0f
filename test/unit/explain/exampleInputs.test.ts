import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { exportPlace } from "../../../src/base/exportPlace.js";
import { exampleInputs, sampleTable, sourceCompanions } from "../../../src/explain/exampleInputs.js";
import { inspect } from "../../../src/explain/inspect.js";
import { predictionCheck } from "../../../src/explain/predictionCheck.js";
import { openModel } from "../../../src/runtime/open.js";

const example = (name: string, file: string): string => resolve("examples", name, file);
const folder = mkdtempSync(join(tmpdir(), "example-inputs-"));
const required = (name: string) => ({ name, required: true });

describe("the example that a model is traced with", () => {
  it("has the columns that the sidecar names, of two rows", async () => {
    const [only, ...others] = await exampleInputs(example("diabetes", "network.py"), example("diabetes", "samples.csv"), [required("measurements")], {
      features: 8,
    });
    expect(others).toEqual([]);
    expect(only).toMatchObject({ name: "measurements", dtype: "float32", dims: [2, 8], sequence: false });
    expect(only?.data.slice(0, 5)).toEqual([4, 134, 72, 0, 0]);
  });

  it("has a text's tokens, as long as the longer text, beside numbers", async () => {
    const found = await exampleInputs(
      example("review-profile", "network.py"),
      example("review-profile", "samples.jsonl"),
      [required("tokens"), required("profile"), { name: "lengths", required: false }],
      null,
    );
    expect(found.map(({ name, dtype, sequence }) => [name, dtype, sequence])).toEqual([
      ["tokens", "int64", true],
      ["profile", "float32", false],
    ]);
    expect(found[0]?.dims[0]).toBe(2);
    expect(found[0]?.data).toHaveLength(2 * (found[0]?.dims[1] ?? 0));
    expect(found[1]?.dims).toEqual([2, 5]);
  });

  it("has as many numbers as the first layer takes, without a sidecar; one row is shown twice", async () => {
    const samples = join(folder, "samples.csv");
    writeFileSync(samples, "id,width,height,label\n7,1.5,2.5,3\n");
    const [only] = await exampleInputs(join(folder, "net.py"), samples, [required("x")], { features: 2 });
    expect(only).toMatchObject({ dims: [2, 2], data: [1.5, 2.5, 1.5, 2.5] });
  });

  it("has pictures where the first layer takes channels", async () => {
    const [only] = await exampleInputs(example("digits", "network.py"), example("digits", "samples"), [required("image")], { channels: 1 });
    expect(only).toMatchObject({ name: "image", dtype: "float32", dims: [2, 1, 8, 8] });
  });

  it("is none when the samples don't say what feeds an input", async () => {
    const samples = join(folder, "two.csv");
    writeFileSync(samples, "a,b\n1,2\n3,4\n");
    await expect(exampleInputs(join(folder, "net.py"), samples, [required("left"), required("right")], null)).rejects.toMatchObject({
      diagnostic: { code: "COLUMNS_AMBIGUOUS" },
    });
  });
});

it("a table's shape tells numbers, texts and lists apart, not their values", async () => {
  const [a, b] = [join(folder, "a.csv"), join(folder, "b.csv")];
  writeFileSync(a, "x,word\n1,one\n2,two\n");
  writeFileSync(b, "x,word\n7.5,seven\n");
  const first = await sampleTable(a, 8);
  expect(first).toEqual({
    columns: ["x", "word"],
    rows: [
      [1, "one"],
      [2, "two"],
    ],
    shape: "x:number, word:text",
  });
  expect((await sampleTable(b, 8)).shape).toBe(first.shape);
  expect((await sampleTable(example("review-profile", "samples.jsonl"), 1)).shape).toBe("text:text, profile:list of 5, label:text");
});

describe("an exported model in .explain", () => {
  const home = join(folder, "workspace", "models");
  const model = exportPlace(join(folder, "workspace"), join(home, "network.py"), "0123456789ab");
  mkdirSync(join(model, ".."), { recursive: true });
  cpSync("examples/diabetes", home, { recursive: true });
  cpSync(join(home, "model.onnx"), model);

  it("has the sidecar, the samples and the source of the folder that it was made from", async () => {
    const opened = await openModel(model);
    const { inputs, outputs, layers } = await inspect(opened);
    expect(inputs[0]).toMatchObject({ role: "features", evidence: "the sidecar says so" });
    expect(outputs[0]?.labels).toEqual(["neg", "pos"]);
    expect(layers[0]?.source).toMatchObject({ file: "network.py", definition: 11 });
    await opened.dispose();
    expect(await sourceCompanions(join(home, "network.py"))).toEqual({ outputs: ["probabilities"], samples: join(home, "samples.csv") });
  });

  it("is not disturbed by a sidecar of another model there", async () => {
    writeFileSync(join(home, "model.explain.json"), '{ "inputs": { "somethingElse": { "role": "tokens" } } }');
    const opened = await openModel(model);
    expect((await inspect(opened)).inputs[0]?.role).toBe("features");
    await opened.dispose();
  });

  it("is compared with what Python said of the same samples", async () => {
    const opened = await openModel(model);
    const row = [4, 134, 72, 0, 0, 23.8, 0.277, 60];
    const said = await opened.run({ measurements: { dtype: "float32", dims: [1, 8], data: new Float32Array(row) } }, ["probabilities"]);
    const [no = NaN, yes = NaN] = said["probabilities"]?.data as Float32Array;
    const inputs = { measurements: { dtype: "float32", dims: [2, 8], data: [...row, ...row] } };
    const output = (data: number[]) => ({ inputs, outputs: [{ dtype: "float32", dims: [2, 2], data }] });
    expect((await predictionCheck(opened, output([no, yes, no, yes])))?.difference).toBeLessThan(1e-6);
    expect((await predictionCheck(opened, output([no, yes, no - 0.25, yes])))?.difference).toBeCloseTo(0.25, 5);
    expect(await predictionCheck(opened, { inputs: {}, outputs: [] })).toBeNull();
    await opened.dispose();
  });
});
