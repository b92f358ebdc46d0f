import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildView, type ViewParts } from "../../../src/viewmodel/build.js";
import { parseExplain } from "../../../src/cli/explainArguments.js";
import type { ExplainRequest } from "../../../src/protocol/request.js";
import { captumSnippet } from "../../../src/vscode/snippets/captumSnippet.js";
import { commandLine } from "../../../src/vscode/snippets/commandLine.js";
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
