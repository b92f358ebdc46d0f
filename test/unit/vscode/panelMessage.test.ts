import { expect, test } from "vitest";
import type { FromPanel } from "../../../src/protocol/panelMessages.js";
import type { TableQuery } from "../../../src/protocol/viewModel.js";
import { parsePanelMessage } from "../../../src/vscode/panelMessage.js";

const query: TableQuery = { from: 25, sort: "score", descending: true, only: "wrong", predicted: "", search: "a" };

const allowed: readonly FromPanel[] = [
  { kind: "ready" },
  { kind: "target", target: "1" },
  { kind: "method", method: "saliency" },
  { kind: "baseline", baseline: "zero" },
  { kind: "row", row: 3 },
  { kind: "layer", layer: "linear1" },
  { kind: "unit", layer: "linear1", unit: "3" },
  { kind: "cancel" },
  { kind: "retry" },
  { kind: "export", format: "csv" },
  { kind: "source", layer: "linear1" },
  { kind: "versus", versus: "" },
  { kind: "ask", what: "baseline" },
  { kind: "isolated" },
  { kind: "back" },
  { kind: "forward" },
  { kind: "home" },
  { kind: "edit", input: "x", changes: [[0, -1.5]] },
  { kind: "edit", input: "x", changes: [[2, "red"]] },
  { kind: "region", input: "x", what: "blur", left: 0, top: 3, width: 2, height: 1 },
  { kind: "editText", input: "x", text: "a".repeat(100_000) },
  { kind: "reset" },
  { kind: "flip", to: "pos", input: "" },
  { kind: "stopFlip" },
  { kind: "applyFlip" },
  { kind: "pin" },
  { kind: "unpin", pin: "1" },
  { kind: "compare", pin: "1" },
  { kind: "table", query },
  { kind: "many", what: "start" },
  { kind: "manyLook", look: { group: "predicted:pos", search: "", most: 25 } },
  { kind: "copy", what: "python" },
  { kind: "picture", name: "units", format: "png", data: "AAAA" },
];

test.each(allowed)("$kind passes unchanged", (message) => expect(parsePanelMessage(message)).toEqual(message));

test.each([
  null,
  "ready",
  {},
  { kind: "run" },
  { kind: "row", row: -1 },
  { kind: "row", row: 1.5 },
  { kind: "row", row: NaN },
  { kind: "export", format: "exe" },
  { kind: "layer" },
  { kind: "ready", extra: 1 },
  { kind: "target", target: "x".repeat(1001) },
  { kind: "edit", input: "x", changes: [[-1, 1]] },
  { kind: "edit", input: "x", changes: [[0, Infinity]] },
  { kind: "edit", input: "x", changes: [[0, {}]] },
  { kind: "region", input: "x", what: "paint", left: 0, top: 0, width: 1, height: 1 },
  { kind: "region", input: "x", what: "blur", left: 0, top: 0, width: 0, height: 1 },
  { kind: "region", input: "x", what: "blur", left: -1, top: 0, width: 1, height: 1 },
  { kind: "table", query: { ...query, sort: "password" } },
  { kind: "table", query: { ...query, from: -25 } },
  { kind: "copy", what: "../../etc/passwd" },
  { kind: "picture", name: "units", format: "svg", data: "", path: "/tmp/x" },
])("%j is no message", (message) => expect(parsePanelMessage(message)).toBeUndefined());
