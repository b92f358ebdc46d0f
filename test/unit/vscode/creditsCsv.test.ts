import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import type { Explanation } from "../../../src/protocol/explanation.js";
import { creditsCsv } from "../../../src/vscode/creditsCsv.js";

const explanation: Explanation = {
  schema: 1,
  model: { file: "m.onnx", inputs: [], outputs: [] },
  request: { model: "m.onnx" },
  results: [
    {
      row: 4,
      target: { value: "p", index: [1], label: "pos" },
      prediction: { value: "p", data: [0, 1] },
      score: 1,
      baselineScore: 0,
      delta: 0,
      points: 9,
      error: { x: { dims: [2, 2], data: [0, 0, 0, 1e-5] } },
      attributions: { x: { dims: [2, 2], data: [1, -2.5e-7, NaN, 0.1], labels: ["plain", 'a "quoted", one', "=1+1", "-3"], values: [1, 2, "two\nlines", -3] } },
    },
  ],
  milliseconds: { load: 0, compile: 0, run: 0 },
  diagnostics: [],
};

test("a CSV reader gets every element back, and a formula in a name is only a text", () => {
  const rows: string[][] = parse(creditsCsv(explanation));
  expect(rows).toEqual([
    ["row", "target", "input", "position", "feature", "value", "attribution", "error"],
    ["4", "pos", "x", "0,0", "plain", "1", "1", "0"],
    ["4", "pos", "x", "0,1", 'a "quoted", one', "2", "-2.5e-7", "0"],
    ["4", "pos", "x", "1,0", "'=1+1", "two\nlines", "NaN", "0"],
    ["4", "pos", "x", "1,1", "-3", "-3", "0.1", "0.00001"],
  ]);
});
