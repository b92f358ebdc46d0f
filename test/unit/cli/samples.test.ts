import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { TensorProtoSchema } from "../../../src/onnx/generated/onnx_pb.js";
import type { Explanation } from "../../../src/protocol/explanation.js";

const folder = mkdtempSync(join(tmpdir(), "kinds-"));
const fixture = (name: string): string => join("test/fixtures/data", name);

function run(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...args], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

function explain(...args: string[]): Explanation {
  const { code, out, err } = run("explain", ...args, "--format", "json");
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as Explanation;
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

beforeAll(() => {
  if (!existsSync("dist/cli.js") || !existsSync("dist/worker.cjs")) spawnSync(process.execPath, ["scripts/build.mjs"]);
});

describe("a model explains from its samples, no option given", () => {
  test.each([
    ["diabetes", "neg", "measurements"],
    ["story", "bedroom", "input_ids"],
    ["speech", "speech", "input"],
    ["review-profile", "positive", "tokens"],
    ["digits", "6", "image"],
  ])("%s", (name, label, input) => {
    const { results, mapping } = explain(`examples/${name}/model.onnx`);
    expect(results[0]?.target?.label).toBe(label);
    expect(results[0]?.attributions[input]?.data.some((credit) => credit !== 0)).toBe(true);
    expect(mapping?.some((line) => line.startsWith(`${input} ← `))).toBe(true);
  });

  test("review-profile: words and numbers in one answer, each with its own value", () => {
    const { tokens, profile } = explain("examples/review-profile/model.onnx").results[0]?.attributions ?? {};
    expect(tokens?.labels?.length).toBe(tokens?.data.length);
    expect(profile?.labels).toContain("exclamation marks");
  });
});

describe("each kind of file explains a real model", () => {
  const model = "examples/diabetes/model.onnx";
  const numbers = [4, 134, 72, 0, 0, 23.8, 0.277, 60];
  const names = ["pregnant", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "age"];
  const record = Object.fromEntries(names.map((name, i) => [name, numbers[i]]));
  const raw = new Uint8Array(Float32Array.from(numbers).buffer);
  const npy = ((): Uint8Array => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 8), }".padEnd(117) + "\n";
    return Buffer.concat([Buffer.of(0x93), Buffer.from("NUMPY"), Buffer.of(1, 0, header.length, 0), Buffer.from(header), raw]);
  })();
  const pb = toBinary(TensorProtoSchema, create(TensorProtoSchema, { name: "measurements", dataType: 1, dims: [1n, 8n], rawData: raw }));
  let known: readonly number[] | undefined;
  const right = (): readonly number[] | undefined => (known ??= explain(model, "examples/diabetes/samples.csv").results[0]?.attributions["measurements"]?.data);

  test.each([
    ["TSV", () => write("x.tsv", `${names.join("\t")}\n${numbers.join("\t")}\n`)],
    ["JSON", () => write("x.json", JSON.stringify([record]))],
    ["JSON lines", () => write("x.jsonl", JSON.stringify({ measurements: numbers }))],
    ["NPY", () => write("x.npy", npy)],
    ["NPZ", () => write("x.npz", zipSync({ "measurements.npy": npy }))],
    ["TensorProto", () => write("x.pb", pb)],
    ["Parquet", () => fixture("diabetes.parquet")],
  ])("%s", (_, file) => {
    const { results } = explain(model, file());
    expect(results[0]?.attributions["measurements"]?.data).toEqual(right());
  });

  test("a folder of ONNX test data, a folder of pictures, a picture", () => {
    write("input_0.pb", pb);
    expect(explain(model, folder).results[0]?.attributions["measurements"]?.data).toEqual(right());
    const digits = "examples/digits/model.onnx";
    const one = explain(digits, "examples/digits/samples/1191-6.png").results[0]?.attributions["image"];
    expect(one?.dims).toEqual([1, 8, 8]);
    expect(explain(digits, "examples/digits/samples", "--row", "3").results[0]?.attributions["image"]).toEqual(one);
    expect(explain(digits, "--input", "image=@examples/digits/samples/1191-6.png").results[0]?.attributions["image"]).toEqual(one);
  });

  test.each(["tone.wav", "tone.flac"])("a sound: %s", (name) => {
    const { results, diagnostics } = explain("test/fixtures/reference/models/operators/stft.onnx", fixture(name), "--target", "0");
    expect(results[0]?.attributions["x"]?.values).toHaveLength(16);
    expect(diagnostics.map(({ message }) => message)).toContain("The sound of row 0 has 800 samples; the model sees the first 16.");
  });

  test("plain text", () => {
    const { results } = explain("examples/review-profile/model.onnx", "--input", "tokens=a fine film", "--input", "profile=3 0 0 0 1");
    expect(results[0]?.attributions["tokens"]?.labels).toEqual(["a", "fine", "film"]);
  });
});

describe("what is shown of the samples, and changed", () => {
  test("inspect prints which column feeds which input, and why an input is what it is", () => {
    const { out } = run("inspect", "examples/digits/model.onnx", "--samples", "examples/digits/samples.csv");
    for (const part of ["image ← image", "true answer: digit", "NCHW, grey, 8 × 8 pixels"]) expect(out).toContain(part);
    const json = JSON.parse(run("inspect", "examples/diabetes/model.onnx", "--samples", "examples/diabetes/samples.csv", "--format", "json").out) as {
      samples: object;
    };
    expect(json.samples).toMatchObject({ rows: 231, label: "diabetes", id: null });
  });

  test("columns of another order", () => {
    const names = ["age", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "pregnant"];
    const { mapping, results } = explain("examples/diabetes/model.onnx", "--column", `measurements=${names.join(",")}`);
    expect(mapping).toEqual([`measurements ← ${names.join(", ")}`]);
    expect(results[0]?.attributions["measurements"]?.values?.[0]).toBe(60);
    expect(run("explain", "examples/diabetes/model.onnx", "--column", "nothing=a")).toMatchObject({ code: 1 });
  });

  test("a sidecar is written once, and over one that is there only when asked", () => {
    const file = join(folder, "written.explain.json");
    expect(run("sidecar", "examples/digits/model.onnx", "--out", file)).toMatchObject({ code: 0, out: `${file}\n` });
    expect(readFileSync(file, "utf8")).toContain('"samples": "samples.csv"');
    expect(run("sidecar", "examples/digits/model.onnx", "--out", file).code).toBe(1);
    expect(run("sidecar", "examples/digits/model.onnx").err).toContain("is there already");
    expect(run("sidecar", "examples/digits/model.onnx", "--out", "-").out).toContain('"role": "image"');
  });
});
