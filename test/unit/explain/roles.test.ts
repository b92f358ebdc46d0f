import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { findNeighbours, type Neighbours } from "../../../src/explain/neighbours.js";
import { inferInputRoles, inferOutputRoles } from "../../../src/explain/roles.js";
import type { Graph, Node, ValueInfo } from "../../../src/graph/ir.js";
import { exampleGraph, examples } from "./loadGraph.js";

const nothing: Neighbours = { features: [], samples: [] };
const graphOf = (inputs: ValueInfo[], nodes: Node[] = [], outputs: ValueInfo[] = []): Graph => ({
  name: "g",
  inputs,
  outputs,
  nodes,
  initializers: new Map([["table", { name: "table", dtype: "float32", dims: [100, 8], content: { kind: "raw", bytes: new Uint8Array(3200) } }]]),
  opsets: { "": 20 },
});
const node = (op: string, inputs: string[], outputs: string[]): Node => ({ name: op, op, domain: "", inputs, outputs, attributes: {} });
const roleOf = (input: ValueInfo, nodes: Node[] = []): string => inferInputRoles(graphOf([input], nodes), "m.onnx", undefined, nothing)[0]?.role ?? "none";

describe("inputs", () => {
  test("the examples, with the evidence", async () => {
    const review = join(examples, "review-profile/model.onnx");
    const neighbours = await findNeighbours(review);
    expect(inferInputRoles(exampleGraph("review-profile"), review, undefined, neighbours)).toEqual([
      { name: "tokens", role: "tokens", evidence: "feeds Gather of text_encoder.embedding.weight [3000, 24]; tokenizer.json beside the model" },
      {
        name: "profile",
        role: "features",
        evidence: "5 numbers a row; feature names in profile.json",
        features: ["words", "exclamation marks", "share of capital letters", "share of digits", "movie"],
      },
    ]);
    expect(inferInputRoles(exampleGraph("diabetes"), "model.onnx", undefined, nothing)).toEqual([
      { name: "measurements", role: "features", evidence: "8 numbers a row" },
    ]);
  });

  test("the sidecar's word comes first", () => {
    expect(inferInputRoles(graphOf([{ name: "x", dtype: "float32", dims: ["n", 4] }]), "m.onnx", { inputs: { x: { role: "audio" } } }, nothing)).toEqual([
      { name: "x", role: "audio", evidence: "the sidecar says so" },
    ]);
  });

  test.each([
    ["mask", { name: "attention_mask", dtype: "int64", dims: ["n", "t"] }],
    ["tokenTypes", { name: "token_type_ids", dtype: "int64", dims: ["n", "t"] }],
    ["positions", { name: "position_ids", dtype: "int64", dims: ["n", "t"] }],
    ["state", { name: "past_key_values.0.key", dtype: "float32", dims: ["n", 4, "t", 8] }],
    ["image", { name: "x", dtype: "float32", dims: ["n", 3, 224, 224] }],
    ["image", { name: "x", dtype: "uint8", dims: [1, 224, 224, 3] }],
    ["flag", { name: "sr", dtype: "int64", dims: [] }],
    ["unknown", { name: "x", dtype: "float32", dims: ["n", 7, 9] }],
    ["unknown", { name: "x", dtype: null, dims: null }],
  ] as const)("%s", (role, input) => {
    expect(roleOf(input)).toBe(role);
  });

  test("whole numbers that index a table: a sequence is of tokens, fixed columns are categories", () => {
    const lookup = [node("Cast", ["x"], ["c"]), node("Gather", ["table", "c"], ["e"])];
    expect(roleOf({ name: "x", dtype: "int32", dims: ["n", "t"] }, lookup)).toBe("tokens");
    expect(roleOf({ name: "x", dtype: "int32", dims: ["n", 3] }, lookup)).toBe("categories");
  });

  test("a sound is what a spectrum or a filter along time reads first; of a fixed width only a long filter", () => {
    const filters = (length: number): Graph["initializers"] =>
      new Map([["filter", { name: "filter", dtype: "float32", dims: [258, 1, length], content: { kind: "raw", bytes: new Uint8Array(1032 * length) } }]]);
    const roles = (dims: ValueInfo["dims"], length: number): unknown => {
      const nodes = [node("Unsqueeze", ["x"], ["u"]), node("Pad", ["u"], ["p"]), node("Conv", ["p", "filter"], ["c"])];
      const graph = { ...graphOf([{ name: "x", dtype: "float32", dims }], nodes), initializers: filters(length) };
      return inferInputRoles(graph, "m.onnx", undefined, nothing)[0];
    };
    expect(roles(["n", "t"], 3)).toEqual({ name: "x", role: "audio", evidence: "numbers of any length into a filter along time" });
    expect(roles([1, 576], 256)).toEqual({ name: "x", role: "audio", evidence: "into a filter of 256 samples" });
    expect(roles([1, 12], 3)).toEqual({ name: "x", role: "features", evidence: "12 numbers a row" });
    expect(roleOf({ name: "x", dtype: "float32", dims: ["n", "t"] }, [node("STFT", ["x"], ["s"])])).toBe("audio");
    // A Gemm mixes the numbers: what filters them later says nothing about them.
    expect(roleOf({ name: "x", dtype: "float32", dims: ["n", "t"] }, [node("Gemm", ["x"], ["y"]), node("STFT", ["y"], ["s"])])).toBe("features");
  });

  test("the memories of recurrent models, the switch of a decoder, ids of a sequence", () => {
    expect(roleOf({ name: "h", dtype: "float32", dims: [1, 1, 128] })).toBe("state");
    expect(roleOf({ name: "hidden", dtype: "float32", dims: ["n", 2, 256] })).toBe("state");
    expect(roleOf({ name: "c", dtype: "float32", dims: ["n", 3] })).toBe("features");
    expect(roleOf({ name: "use_cache_branch", dtype: "bool", dims: [1] })).toBe("flag");
    expect(roleOf({ name: "prefix", dtype: "int64", dims: ["n", "tgt_len"] })).toBe("tokens");
    expect(roleOf({ name: "counts", dtype: "int64", dims: ["n", "width"] })).toBe("features");
  });
});

describe("outputs", () => {
  test("probabilities by their operator, logits by what they feed; labels by the sidecar, also for the sibling", () => {
    const outputs: ValueInfo[] = [
      { name: "scores", dtype: "float32", dims: ["n", 2] },
      { name: "p", dtype: "float32", dims: ["n", 2] },
    ];
    const graph = graphOf([], [node("Gemm", ["x"], ["scores"]), node("Softmax", ["scores"], ["p"])], outputs);
    expect(inferOutputRoles(graph, { outputs: { p: { labels: ["no", "yes"] } } })).toEqual([
      { name: "scores", role: "logits", labels: ["no", "yes"] },
      { name: "p", role: "probabilities", labels: ["no", "yes"] },
    ]);
    expect(inferOutputRoles(exampleGraph("diabetes"))).toEqual([{ name: "probabilities", role: "probabilities" }]);
  });

  test("one number a row is a regression", () => {
    expect(inferOutputRoles(graphOf([], [node("Gemm", ["x"], ["y"])], [{ name: "y", dtype: "float32", dims: ["n", 1] }]))[0]?.role).toBe("regression");
  });

  test("labels of a neighbour only where their number fits", () => {
    const graph = graphOf([], [node("Softmax", ["x"], ["p"])], [{ name: "p", dtype: "float32", dims: ["n", 2] }]);
    expect(inferOutputRoles(graph, undefined, { ...nothing, labels: ["a", "b"] })[0]?.labels).toEqual(["a", "b"]);
    expect(inferOutputRoles(graph, undefined, { ...nothing, labels: ["a", "b", "c"] })[0]?.labels).toBeUndefined();
  });
});

test("neighbours: config.json's id2label, labels.txt, samples in order, settings are no samples", async () => {
  const folder = await mkdtemp(join(tmpdir(), "neighbours-"));
  for (const [name, content] of Object.entries({
    "config.json": '{"id2label": {"1": "POS", "0": "NEG"}}',
    "labels.txt": "a\nb\n",
    "tokenizer.json": "{}",
    "train.csv": "a\n1\n",
    "samples.jsonl": "{}",
    "other.csv": "a\n1\n",
    "notes.md": "",
    "broken.json": "{",
  }))
    await writeFile(join(folder, name), content);
  const found = await findNeighbours(join(folder, "model.onnx"));
  expect(found.labels).toEqual(["NEG", "POS"]);
  expect(found.samples.map((file) => basename(file))).toEqual(["samples.jsonl", "broken.json", "other.csv", "train.csv"]);
  expect((await findNeighbours("/nowhere/model.onnx")).samples).toEqual([]);
});

test("vocab.json is a vocabulary only where it maps words to ids", async () => {
  const folder = await mkdtemp(join(tmpdir(), "neighbours-"));
  await writeFile(join(folder, "vocab.json"), '{"tokens": ["<pad>", "a"]}');
  expect((await findNeighbours(join(folder, "model.onnx"))).tokenizer).toBeUndefined();
  await writeFile(join(folder, "vocab.json"), '{"<pad>": 0, "a": 1}');
  expect((await findNeighbours(join(folder, "model.onnx"))).tokenizer).toBe(join(folder, "vocab.json"));
});
