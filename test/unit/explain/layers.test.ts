import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findLayers } from "../../../src/explain/layers.js";
import { locateLayers } from "../../../src/explain/sources.js";
import type { Graph, Node } from "../../../src/graph/ir.js";
import { exampleGraph, examples } from "./loadGraph.js";

const node = (name: string, op: string, inputs: string[], outputs: string[], metadata?: Record<string, string>): Node => ({
  name,
  op,
  domain: "",
  inputs,
  outputs,
  attributes: {},
  ...(metadata === undefined ? {} : { metadata }),
});
const graphOf = (nodes: Node[]): Graph => ({
  name: "g",
  inputs: [{ name: "x", dtype: "float32", dims: ["batch", 4] }],
  outputs: [{ name: "y", dtype: "float32", dims: null }],
  nodes,
  initializers: new Map(),
  opsets: { "": 20 },
});

describe("layers of a model from torch's default exporter", () => {
  test("the text encoder's LSTM: its value, operators, parameters and class", () => {
    const layers = findLayers(exampleGraph("review-profile"));
    expect(layers.map((layer) => layer.path)).toEqual([
      "text_encoder",
      "text_encoder.embedding",
      "text_encoder.lstm",
      "profile_encoder",
      "profile_encoder.linear",
      "profile_encoder.relu",
      "classifier",
      "softmax",
    ]);
    expect(layers.find((layer) => layer.path === "text_encoder.lstm")).toEqual({
      path: "text_encoder.lstm",
      class: "torch.nn.modules.rnn.LSTM",
      values: ["getitem"],
      operators: ["LSTM"],
      parameters: 3680,
      source: null,
    });
    expect(layers.find((layer) => layer.path === "text_encoder.embedding")?.parameters).toBe(3000 * 24);
  });

  test("source lines: a call through a helper method is found in the class that holds the layer", async () => {
    const graph = exampleGraph("review-profile");
    const layers = await locateLayers(graph, findLayers(graph), join(examples, "review-profile"));
    expect(layers.find((layer) => layer.path === "text_encoder.lstm")?.source).toEqual({
      file: "network.py",
      definition: 10,
      calls: [{ file: "network.py", line: 13 }],
    });
    expect(layers.find((layer) => layer.path === "classifier")?.source).toEqual({
      file: "network.py",
      definition: 39,
      calls: [{ file: "network.py", line: 44 }],
    });
  });

  test("source lines follow the text when lines were added, and a folder above the file", async () => {
    const above = await mkdtemp(join(tmpdir(), "layers-"));
    const source = await readFile(join(examples, "diabetes", "network.py"), "utf8");
    await writeFile(join(above, "network.py"), `# a new first line\n${source}`);
    const graph = exampleGraph("diabetes");
    const [first] = await locateLayers(graph, findLayers(graph), above);
    expect(first?.source).toEqual({ file: "network.py", definition: 12, calls: [{ file: "network.py", line: 21 }] });
    const [inside] = await locateLayers(graph, findLayers(graph), examples);
    expect(inside?.source?.file).toBe("diabetes/network.py");
  });

  test("no source file: the layers stay, without source", async () => {
    const empty = await mkdtemp(join(tmpdir(), "layers-"));
    const graph = exampleGraph("diabetes");
    expect((await locateLayers(graph, findLayers(graph), empty)).map((layer) => layer.source)).toEqual([null, null, null, null, null, null]);
  });

  test("a member of a Sequential is defined among its items and called where the container is called", async () => {
    const folder = await mkdtemp(join(tmpdir(), "layers-"));
    await writeFile(
      join(folder, "net.py"),
      [
        "class Net(nn.Module):",
        "    def __init__(self):",
        "        self.body = nn.Sequential(",
        "            nn.Linear(4, 8),  # first, of two",
        "            nn.ReLU(),",
        "        )",
        "    def forward(self, x):",
        "        return self.body(x)",
      ].join("\n"),
    );
    const metadata = {
      "pkg.torch.onnx.name_scopes": "['', 'body', 'body.1', 'relu']",
      "pkg.torch.onnx.class_hierarchy": "['net.Net', 'torch.nn.modules.container.Sequential', 'torch.nn.modules.activation.ReLU', 'aten.relu.default']",
      "pkg.torch.onnx.stack_trace": 'File "/elsewhere/net.py", line 8, in forward\n    return self.body(x)',
    };
    const graph = graphOf([node("r", "Relu", ["x"], ["y"], metadata)]);
    const layers = await locateLayers(graph, findLayers(graph), folder);
    expect(layers.map(({ path, source }) => ({ path, source }))).toEqual([
      { path: "body", source: { file: "net.py", definition: 3, calls: [{ file: "net.py", line: 8 }] } },
      { path: "body.1", source: { file: "net.py", definition: 5, calls: [{ file: "net.py", line: 8 }] } },
    ]);
  });

  test("a layer called through a variable is called where the trace's text stands now", async () => {
    const folder = await mkdtemp(join(tmpdir(), "layers-"));
    await writeFile(
      join(folder, "net.py"),
      [
        "",
        "class Net(nn.Module):",
        "    def __init__(self):",
        "        self.steps = nn.ModuleList([nn.ReLU(), nn.ReLU()])",
        "    def forward(self, x):",
        "        for step in self.steps:",
        "            x = step(x)",
        "        return x",
      ].join("\n"),
    );
    const metadata = {
      "pkg.torch.onnx.name_scopes": "['', 'steps.1', 'relu']",
      "pkg.torch.onnx.class_hierarchy": "['net.Net', 'torch.nn.modules.activation.ReLU', 'aten.relu.default']",
      "pkg.torch.onnx.stack_trace": 'File "/elsewhere/net.py", line 6, in forward\n    x = step(x)',
    };
    const graph = graphOf([node("r", "Relu", ["x"], ["y"], metadata)]);
    const [layer] = await locateLayers(graph, findLayers(graph), folder);
    expect(layer?.source).toEqual({ file: "net.py", definition: 4, calls: [{ file: "net.py", line: 7 }] });
  });
});

describe("layers of other exporters", () => {
  test("older torch: module paths from node names", () => {
    const graph = graphOf([
      node("/body/body.0/Relu", "Relu", ["x"], ["a"]),
      node("/encoder/layer.3/attention/Tanh", "Tanh", ["a"], ["b"]),
      node("/Neg", "Neg", ["b"], ["y"]),
    ]);
    expect(findLayers(graph).map(({ path, values }) => [path, values])).toEqual([
      ["body", ["a"]],
      ["body.0", ["a"]],
      ["encoder", ["b"]],
      ["encoder.layer.3", ["b"]],
      ["encoder.layer.3.attention", ["b"]],
    ]);
  });

  test("no names at all: every computing node under its value's name; shapes are no layers", () => {
    const graph = graphOf([node("s", "Shape", ["x"], ["s"]), node("r", "Reshape", ["x", "s"], ["a"]), node("t", "Tanh", ["a"], ["y"])]);
    expect(findLayers(graph).map((layer) => layer.path)).toEqual(["y"]);
  });
});
