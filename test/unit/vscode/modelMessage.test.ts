import { expect, test } from "vitest";
import { parseModelMessage } from "../../../src/vscode/modelView/modelMessage.js";

test.each<[unknown]>([
  [{ kind: "ready" }],
  [{ kind: "explain" }],
  [{ kind: "sidecar" }],
  [{ kind: "retry" }],
  [{ kind: "source", layer: "a.b" }],
  [{ kind: "layer", layer: "" }],
])("a message that the model view may send: %j", (message) => {
  expect(parseModelMessage(message)).toEqual(message);
});

test.each<[unknown]>([
  [undefined],
  ["ready"],
  [{ kind: "run" }],
  [{ kind: "source" }],
  [{ kind: "source", layer: 3 }],
  [{ kind: "source", layer: "x".repeat(2001) }],
  [{ kind: "explain", model: "/etc/passwd" }],
])("one that it may not send is nothing: %j", (message) => {
  expect(parseModelMessage(message)).toBeUndefined();
});
