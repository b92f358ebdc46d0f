import { describe, expect, test } from "vitest";
import type { LayerInfo } from "../../../src/protocol/explanation.js";
import { outlineOf, totalParameters, visibleRows, type OutlineRow } from "../../../webview/model/outline.js";

const layer = (path: string, parameters = 0, changes: Partial<LayerInfo> = {}): LayerInfo => ({
  path,
  class: "torch.nn.modules.linear.Linear",
  values: [`value of ${path}`],
  operators: ["Gemm"],
  parameters,
  source: null,
  ...changes,
});
const shown = (rows: readonly OutlineRow[]): string[] => rows.map((row) => `${"  ".repeat(row.depth)}${row.name}${row.layer === null ? " -" : ""}`);

describe("the outline of a model", () => {
  const rows = outlineOf([layer("text", 30), layer("text.lstm", 20), layer("encoder.layer.0.query", 7), layer("encoder.layer.1.query", 7), layer("head", 6)]);

  test("modules by path in order of execution; a module between that has no layer of its own is there all the same", () => {
    expect(shown(visibleRows(rows, new Set(), ""))).toEqual([
      "text",
      "  lstm",
      "encoder -",
      "  layer -",
      "    0 -",
      "      query",
      "    1 -",
      "      query",
      "head",
    ]);
  });

  test("a folded module hides what is in it", () => {
    expect(shown(visibleRows(rows, new Set(["encoder", "text"]), ""))).toEqual(["text", "encoder -", "head"]);
  });

  test("a search shows what matches by path, class, operator or file, and the modules around it, whatever is folded", () => {
    expect(shown(visibleRows(rows, new Set(["encoder"]), "1.QUERY"))).toEqual(["encoder -", "  layer -", "    1 -", "      query"]);
    const other = outlineOf([layer("a", 0, { source: { file: "net.py", definition: 12, calls: [] } }), layer("b", 0, { operators: ["Softmax"] })]);
    expect(shown(visibleRows(other, new Set(), "net.py:12"))).toEqual(["a"]);
    expect(shown(visibleRows(other, new Set(), "softmax"))).toEqual(["b"]);
    expect(visibleRows(other, new Set(), "nothing like it")).toEqual([]);
  });

  test("parameters are counted once: a module's hold those of what is in it", () => {
    expect(totalParameters(rows)).toBe(30 + 7 + 7 + 6);
  });

  test("layers that are known by a value's name stay in one list, dots or not", () => {
    const values = ["onnx::MatMul_1.2", "/a/b.c"].map((path) => layer(path, 0, { class: null, values: [path] }));
    expect(shown(visibleRows(outlineOf(values), new Set(), ""))).toEqual(["onnx::MatMul_1.2", "/a/b.c"]);
  });
});
