import { expect, test } from "vitest";
import type { FromPanel } from "../../../src/protocol/viewModel.js";
import { parsePanelMessage } from "../../../src/vscode/panelMessage.js";

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
])("%j is no message", (message) => expect(parsePanelMessage(message)).toBeUndefined());
