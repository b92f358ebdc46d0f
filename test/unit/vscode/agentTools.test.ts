import { resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { modelOf, requestOf } from "../../../src/vscode/agent/toolInput.js";
import { explanationText, inspectionText, methodsText } from "../../../src/vscode/agent/toolText.js";
import type { CallContext } from "../../../src/worker/serve.js";
import { createService } from "../../../src/worker/service.js";

const service = createService();
const context: CallContext = { signal: { aborted: false }, progress: () => undefined };
afterAll(() => service.dispose());
const inWorkspace = (path: string): string => resolve("examples", path);

describe("what an agent asks", () => {
  test("becomes a request with absolute paths", () => {
    const input = {
      model: "diabetes/model.onnx",
      samples: "diabetes/samples.csv",
      row: 3,
      target: "pos",
      versus: "neg",
      baseline: "median",
      method: "saliency",
      layers: true,
    };
    expect(requestOf(input, inWorkspace)).toEqual({
      request: {
        model: inWorkspace("diabetes/model.onnx"),
        samples: inWorkspace("diabetes/samples.csv"),
        rows: [3],
        method: "saliency",
        targets: ["pos"],
        versus: "neg",
        baselines: { "": "median" },
      },
      layers: true,
    });
    expect(requestOf({ model: "m.onnx", values: { x: "[1, 2]" } }, (path) => path)).toEqual({
      request: { model: "m.onnx", values: { x: "[1, 2]" } },
      layers: false,
    });
  });

  test.each<[string, unknown, RegExp]>([
    ["no model", {}, /"model" is not right/],
    ["an empty model", { model: "" }, /"model" is not right: is empty/],
    ["a row before the first", { model: "m", row: -1 }, /"row" is not right: counts from 0/],
    ["a method that does not exist", { model: "m", method: "magic" }, /"method" is not right/],
    ["values that are no texts", { model: "m", values: { x: 3 } }, /"values.x" is not right/],
    ["no object", "model.onnx", /"input" is not right/],
  ])("is refused by its field: %s", (_, input, message) => {
    expect(() => requestOf(input, inWorkspace)).toThrow(message);
  });

  test("a model alone", () => {
    expect(modelOf({ model: "diabetes/model.onnx" }, inWorkspace)).toBe(inWorkspace("diabetes/model.onnx"));
    expect(() => modelOf({ model: 1 }, inWorkspace)).toThrow(/"model"/);
  });
});

describe("what an agent is told", () => {
  test("answer, check, credits by size, layers with their source", async () => {
    const { request } = requestOf({ model: "diabetes/model.onnx", samples: "diabetes/samples.csv", row: 3 }, inWorkspace);
    const explanation = await service.explain(context, request);
    const inspection = await service.inspect(context, request.model);
    const text = explanationText(explanation, inspection, await service.layers(context, request));
    const lines = text.split("\n");
    expect(lines[0]).toMatch(/^Predicted neg .*Row 3\.$/);
    expect(lines[1]).toMatch(/^Explains neg by integratedGradients\./);
    expect(lines[2]).toMatch(/^Check: Adds up/);
    const credits = lines.filter((line) => /^- \w+ = /.test(line));
    expect(credits).toHaveLength(8);
    expect(credits[0]).toMatch(/^- mass = 20: \+0\.1/);
    expect(lines).toContain("- linear1 (Linear, network.py:11): 100 %");
  });

  test("words in quotes, on one line, however long the text", async () => {
    const { request } = requestOf({ model: "review-profile/model.onnx", row: 0 }, inWorkspace);
    const text = explanationText(await service.explain(context, request), undefined, undefined);
    expect(text).toMatch(/^- "brilliant": \+0\.2/m);
    expect(text).toMatch(/^- and \d+ more$/m);
    expect(text).not.toMatch(/Layers/);
  });

  test("a model's inputs, layers and methods", async () => {
    const inspection = await service.inspect(context, inWorkspace("review-profile/model.onnx"));
    expect(inspectionText(inspection)).toContain("- tokens: int64 [batch, sequence], tokens");
    expect(inspectionText(inspection)).toContain("- text_encoder.lstm: LSTM, 3680 parameters, network.py:10");
    expect(methodsText(inspection)).toMatch(/^Methods that work for model\.onnx: integratedGradients, /);
  });
});
