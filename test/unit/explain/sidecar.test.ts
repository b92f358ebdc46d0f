import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSidecar, parseSidecar } from "../../../src/explain/sidecar.js";
import { failure } from "../data/sampleFiles.js";
import { examples } from "./loadGraph.js";

test("the examples' sidecars: comments allowed, paths absolute", async () => {
  const found = await loadSidecar(join(examples, "diabetes/model.onnx"));
  expect(found?.file).toBe(join(examples, "diabetes/model.explain.json"));
  expect(found?.sidecar).toMatchObject({
    samples: join(examples, "diabetes/samples.csv"),
    training: join(examples, "diabetes/train.csv"),
    label: "diabetes",
    outputs: { probabilities: { labels: ["neg", "pos"] } },
  });
  expect((await loadSidecar(join(examples, "review-profile/model.onnx")))?.sidecar.inputs?.["tokens"]?.tokenizer).toBe(
    join(examples, "review-profile/tokenizer.json"),
  );
});

test("a model's own sidecar comes before the folder's; none is no error", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sidecar-"));
  expect(await loadSidecar(join(folder, "net.onnx"))).toBeUndefined();
  await writeFile(join(folder, "model.explain.json"), '{"label": "a"}');
  expect((await loadSidecar(join(folder, "net.onnx")))?.sidecar).toEqual({ label: "a" });
  await writeFile(join(folder, "net.explain.json"), '{"label": "b", "target": 1, "baselines": {"x": 0}}');
  expect((await loadSidecar(join(folder, "net.onnx")))?.sidecar).toEqual({ label: "b", target: "1", baselines: { x: "0" } });
});

test.each([
  ["broken JSON", '{\n  "label": \n}', { line: 3, column: 1 }],
  ["an unknown field", '{\n  "lable": "a"\n}', { line: 2, column: 12, message: '"lable" is not a field of a sidecar.' }],
  [
    "an unknown role",
    '{"inputs": {\n  "x": {"role": "feature"}}}',
    {
      line: 2,
      column: 17,
      message: '"inputs.x.role" must be one of tokens, mask, tokenTypes, positions, features, categories, image, audio, state, flag, unknown.',
    },
  ],
  ["a number for a text", '{"samples": 3}', { line: 1, column: 13, message: '"samples" must be a text in double quotes.' }],
  ["a text for a list", '{"inputs": {"x": {"columns": "a"}}}', { line: 1, column: 30, message: '"inputs.x.columns" must be a list.' }],
  ["no object", "[1]", { line: 1, column: 1 }],
  ["an empty file", "", { line: 1, column: 1 }],
  ["a path that leaves the folder", '{"samples": "../secret.csv"}', { line: 1, column: 13, message: '"samples" names a file outside the sidecar\'s folder.' }],
  ["an absolute path", '{"inputs": {"x": {"tokenizer": "/etc/passwd"}}}', { line: 1, column: 32 }],
  ["a key that is no name", '{"__proto__": {"label": "a"}}', { line: 1 }],
])("%s is refused with its place", async (_, content, expected) => {
  expect(await failure(() => parseSidecar(content, "/some/folder/model.explain.json"))).toMatchObject({
    code: "SIDECAR_INVALID",
    file: "/some/folder/model.explain.json",
    ...expected,
  });
});

test("the contributed schema names the same fields and words as the validation", async () => {
  interface Field {
    readonly enum?: string[];
    readonly properties?: Record<string, Field>;
    readonly additionalProperties?: { readonly properties?: Record<string, Field> };
  }
  const schema = JSON.parse(await readFile(join(examples, "../schemas/explain.schema.json"), "utf8")) as { properties: Record<string, Field> };
  const input = schema.properties["inputs"]?.additionalProperties?.properties ?? {};
  const media = {
    image: { layout: "NHWC", colours: "bgr", height: 8, width: 9, fit: "crop", shortestEdge: 10, resample: "nearest", range: [0, 1], mean: [0], std: [1] },
    audio: { rate: 16000, channels: 1, length: 512, scale: 1, standardise: true },
  };
  for (const kind of ["image", "audio"] as const) expect(Object.keys(media[kind])).toEqual(Object.keys(input[kind]?.properties ?? {}));
  const { inputs, outputs, ...rest } = schema.properties;
  const everything = {
    ...Object.fromEntries(Object.keys(rest).map((name) => [name, { layers: [], baselines: {}, method: "saliency" }[name] ?? "x"])),
    inputs: {
      x: Object.fromEntries(
        Object.keys(inputs?.additionalProperties?.properties ?? {}).map((name) => [
          name,
          { role: "mask", columns: [], features: [], groups: {}, units: {}, categories: {}, value: 1, ...media }[name] ?? "x",
        ]),
      ),
    },
    outputs: {
      y: Object.fromEntries(Object.keys(outputs?.additionalProperties?.properties ?? {}).map((name) => [name, { role: "logits", labels: [] }[name] ?? "x"])),
    },
  };
  expect(Object.keys(parseSidecar(JSON.stringify(everything), "/f/model.explain.json")).sort()).toEqual(
    Object.keys(schema.properties)
      .filter((name) => name !== "$schema")
      .sort(),
  );
  for (const role of inputs?.additionalProperties?.properties?.["role"]?.enum ?? expect.fail("no roles"))
    parseSidecar(JSON.stringify({ inputs: { x: { role } } }), "/f/m.explain.json");
  for (const method of rest["method"]?.enum ?? expect.fail("no methods")) parseSidecar(JSON.stringify({ method }), "/f/m.explain.json");
});
