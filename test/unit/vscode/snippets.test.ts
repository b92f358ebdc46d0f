import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildView, type ViewParts } from "../../../src/viewmodel/build.js";
import { parseExplain } from "../../../src/cli/explainArguments.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import type { Credit, ModelValue } from "../../../src/protocol/explanation.js";
import { captumSnippet } from "../../../src/vscode/snippets/captumSnippet.js";
import { commandLine } from "../../../src/vscode/snippets/commandLine.js";
import type { Network } from "../../../src/vscode/snippets/network.js";
import { markdownSummary } from "../../../src/vscode/snippets/markdownSummary.js";

const parts = (name: string): ViewParts => JSON.parse(readFileSync(`test/fixtures/panel/${name}.json`, "utf8")) as ViewParts;

/** The words of a command line as a POSIX shell splits it. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/gu)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(')/gu, (_, quoted: string | undefined, sign: string | undefined) => quoted ?? sign ?? ""),
  );
}

test("the command line means the same request", () => {
  const request: ExplainRequest = {
    model: "/models/it's a model.onnx",
    samples: "/models/samples.csv",
    rows: [3, 5],
    values: { profile: "[1, 2]", text: "don't; rm -rf /" },
    method: "integratedGradients",
    targets: ["1"],
    versus: "0",
    baselines: { "": "mean", text: "pad" },
    fixed: ["mask"],
    options: { rule: "adaptive", tolerance: 0.01 },
    mode: "isolated",
  };
  expect(parseExplain(words(commandLine(request)).slice(2)).request).toEqual(request);
});

test("Python code for Captum: the sample's values, the baseline, the target", () => {
  const { explanation } = parts("diabetes");
  const code = captumSnippet(explanation);
  expect(code).toContain("from captum.attr import IntegratedGradients");
  expect(code).toContain("measurements = torch.tensor([[4, 134, 72, 0, 0, 23.8, 0.277, 60]])");
  expect(code).toContain("    target=0,");
  const picture = captumSnippet(parts("digits").explanation);
  expect(picture).toContain(".reshape(1, 1, 8, 8)");
  expect(captumSnippet({ ...explanation, request: { ...explanation.request, method: "treeShap" } })).toMatch(/^# Captum has no counterpart/u);
});

test("with the network's source, Python makes it with the weights of the file", () => {
  const { explanation } = parts("diabetes");
  const network: Network = {
    module: "network",
    name: "DiabetesNetwork",
    arguments: [
      { name: "mean", annotation: "torch.Tensor" },
      { name: "hidden", annotation: "int" },
    ],
    embedding: null,
  };
  const code = captumSnippet(explanation, network);
  expect(code).toContain("from network import DiabetesNetwork\n");
  expect(code).toContain('    mean=weight("mean"),\n    hidden=...,  # int\n');
  expect(code).toContain("load_state_dict(weights, strict=False)");
  expect(captumSnippet(explanation, { ...network, arguments: [] })).toContain("model = DiabetesNetwork()\n");
});

test("a text alone is explained at its embedding, beside other inputs in the embedding's place; a mask is filled, a baseline written out", () => {
  const { explanation } = parts("diabetes");
  const [result] = explanation.results;
  const text: Credit = {
    dims: [2],
    data: [1, 2],
    values: [5, 7],
    baseline: [5, 0],
    spans: [
      [0, 1],
      [2, 3],
    ],
  };
  const network: Network = { module: "network", name: "Net", arguments: [], embedding: "encoder.layers.0.words" };
  const value = (name: string): ModelValue => ({ name, type: "int64", dims: [1, 2] });
  const ask = (attributions: Readonly<Record<string, Credit>>, inputs: readonly string[], outputs: readonly string[], versus?: string): string =>
    captumSnippet(
      {
        ...explanation,
        model: { ...explanation.model, inputs: inputs.map(value), outputs: outputs.map(value) },
        request: { ...explanation.request, baselines: { "": "pad" }, ...(versus === undefined ? {} : { versus }) },
        results: result === undefined ? [] : [{ ...result, attributions }],
      },
      network,
    );
  const alone = ask({ ids: text }, ["ids", "attention_mask"], ["logits", result?.target?.value ?? ""]);
  expect(alone).toContain("from captum.attr import LayerIntegratedGradients\n");
  expect(alone).toContain('LayerIntegratedGradients(forward, model.get_submodule("encoder.layers.0.words")).attribute(');
  expect(alone).toContain("forward = lambda *x: model(*x)[1]");
  expect(alone).toContain("attention_mask = torch.ones_like(ids)");
  expect(alone).toContain("additional_forward_args=(attention_mask,),");
  expect(alone).toContain("ids_baseline = torch.tensor([[5, 0]], dtype=torch.long)  # pad");
  const beside = ask({ ids: text, profile: { dims: [1], data: [1], values: [3] } }, ["ids", "profile"], ["y"], "1");
  expect(beside).toContain('embedding = configure_interpretable_embedding_layer(model, "encoder.layers.0.words")');
  expect(beside).toContain("    (embedding.indices_to_embeddings(ids), profile),");
  expect(beside).toContain("IntegratedGradients(difference).attribute(");
  expect(beside).not.toContain("target=");
});

test("names become nothing but text in Python and in Markdown", () => {
  const { explanation } = parts("diabetes");
  const results = explanation.results.map((result) => ({
    ...result,
    attributions: { "x\nimport os": { dims: [1], data: [1], values: [1], labels: ["| <b>*"] } },
  }));
  const hostile = { ...explanation, request: { ...explanation.request, model: '/m/"\nimport os\n.onnx', baselines: { "": "mean\nimport os" } }, results };
  expect(captumSnippet(hostile)).not.toMatch(/^import os/mu);
  const text = markdownSummary(buildView({ explanation: hostile }), "explain-prediction explain m.onnx");
  expect(text).toContain("\\| \\<b\\>\\*");
});

test("Markdown has the answer, the check, the credits and the command", () => {
  const text = markdownSummary(buildView(parts("diabetes")), "explain-prediction explain model.onnx");
  expect(text).toMatch(/^## Predicted neg 75\.1 %\n/u);
  expect(text).toContain("| mass | 23.8 | +0.163 |");
  expect(text).toContain("Adds up");
  expect(text).toContain("```sh\nexplain-prediction explain model.onnx\n```");
});
